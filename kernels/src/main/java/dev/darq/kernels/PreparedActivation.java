package dev.darq.kernels;

/** An element-wise function on vectors of one width. */
final class PreparedActivation implements PreparedOperation {
    private final int width;
    private final ElementKernel function;

    PreparedActivation(int width, ElementKernel function) {
        this.width = width;
        this.function = function;
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
    public String kernel() {
        return "function";
    }

    @Override
    public void reserve(Scratch.Needs needs, int samples) {
        // Works from its input straight to its output.
    }

    @Override
    public int threads(int samples) {
        return 1;
    }

    @Override
    public void run(float[] x, int xAt, int xStride, int samples, float[] y, int yStride, Scratch scratch) {
        for (int sample = 0; sample < samples; sample++) {
            function.apply(x, xAt + sample * xStride, width, y, sample * yStride);
        }
    }
}
