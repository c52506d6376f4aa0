package dev.darq.kernels;

/** An element-wise function on vectors of one width. */
final class PreparedActivation implements PreparedOperation {
    private final int width;
    private final ElementKernel function;

    PreparedActivation(int width, ActivationFunction function, KernelProvider provider) {
        this.width = width;
        this.function = provider.function(function);
    }

    @Override
    public int inputs() {
        return width;
    }

    @Override
    public int outputs() {
        return width;
    }

    @Override
    public void reserve(Scratch.Needs needs) {
        // Works from its input straight to its output.
    }

    @Override
    public void run(float[] x, int xAt, float[] y, int yAt, Scratch scratch) {
        function.apply(x, xAt, width, y, yAt);
    }
}
