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
    BitProduct bitProduct(FoldedProduct product) {
        return new ScalarBitProduct(product);
    }

    @Override
    FloatProduct floatProduct(Linear linear) {
        return new ScalarFloatProduct(linear);
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
