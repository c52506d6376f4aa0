package dev.darq.kernels;

/** Kernels in plain Java: the fallback, and the reference that the vector kernels are held to. */
final class ScalarProvider extends KernelProvider {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    PlaneEncoder planeEncoder(ActivationCode code) {
        return new ScalarPlaneEncoder(code);
    }

    @Override
    RowProduct product(Kernel kernel, Linear linear) {
        return switch (kernel) {
            // The same exact integers, so the same bits.
            case POPCOUNT, LOOKUP, INTEGER -> new ScalarBitProduct(
                    new FoldedProduct((BinaryCode) linear.weights(), linear.input(), linear.bias()),
                    planeEncoder(linear.input()));
            case FLOAT32 -> new ScalarFloatProduct(linear, scalarRounding(linear.input()));
        };
    }

    @Override
    ElementKernel rounding(ActivationCode code) {
        return scalarRounding(code);
    }

    @Override
    ElementKernel function(ActivationFunction function) {
        return (x, xAt, count, y, yAt) -> {
            for (int i = 0; i < count; i++) {
                y[yAt + i] = function.apply(x[xAt + i]);
            }
        };
    }

    /** The reference rounding, for both providers where there is no faster one. */
    static ElementKernel scalarRounding(ActivationCode code) {
        if (code instanceof FloatActivation floats && floats.bits() == 32) {
            return (x, xAt, count, y, yAt) -> System.arraycopy(x, xAt, y, yAt, count);
        }
        return code::quantize;
    }
}
