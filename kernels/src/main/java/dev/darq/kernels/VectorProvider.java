package dev.darq.kernels;

/** Kernels on the Vector API. Its own fields hold no vector: the class can be loaded where the module is absent. */
final class VectorProvider extends KernelProvider {
    private final String name;

    private VectorProvider(String name) {
        this.name = name;
    }

    /** Call only where the Vector module is there. */
    static VectorProvider create() {
        if (Shapes.bits() > Shapes.preferredBits()) {
            // Wider vectors than the machine's run in software, ten times slower than none.
            throw new IllegalStateException(PROPERTY + ": expected at most the vector width of this machine, "
                    + Shapes.preferredBits() + ", got " + Shapes.bits());
        }
        return new VectorProvider("vector-" + Shapes.bits());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    PlaneEncoder planeEncoder(ActivationCode code) {
        return switch (code) {
            case UniformActivation uniform -> new UniformEncoder(uniform);
            case LevelActivation level when level.bits() > LevelEncoder.MOST_BITS ->
                new ScalarPlaneEncoder(level);
            case LevelActivation level -> new LevelEncoder(level.levels());
            case TokenActivation _,FloatActivation _ ->
                throw new IllegalArgumentException("inputs of the float kernel have no planes");
        };
    }

    @Override
    RowProduct product(Kernel kernel, Linear linear) {
        return switch (kernel) {
            case POPCOUNT -> new VectorBitProduct(folded(linear), planeEncoder(linear.input()));
            case LOOKUP -> lookup(linear);
            case INTEGER -> new VectorIntegerProduct(folded(linear), (UniformActivation) linear.input());
            case FLOAT32 -> new VectorFloatProduct(linear, rounding(linear.input()));
        };
    }

    /** The lookup product, or where this machine has no fast look-ups the best other one: all give the same bits. */
    private RowProduct lookup(Linear linear) {
        if (LookupSupport.isFast(Shapes.bits()) || Kernel.LOOKUP.isForced()) {
            return new VectorLookupProduct(folded(linear), linear.input());
        }
        VectorBitProduct popcount = (VectorBitProduct) product(Kernel.POPCOUNT, linear);
        if (!Kernel.INTEGER.runs(linear)) {
            return popcount;
        }
        RowProduct integer = product(Kernel.INTEGER, linear);
        return integer.nanos(1) < popcount.nanos(1) ? integer : popcount;
    }

    private static FoldedProduct folded(Linear linear) {
        return new FoldedProduct((BinaryCode) linear.weights(), linear.input(), linear.bias());
    }

    @Override
    ElementKernel rounding(ActivationCode code) {
        return code instanceof UniformActivation uniform
                ? new VectorRounding(uniform)
                : ScalarProvider.scalarRounding(code);
    }

    @Override
    ElementKernel function(ActivationFunction function) {
        return new VectorFunctions(function);
    }
}
