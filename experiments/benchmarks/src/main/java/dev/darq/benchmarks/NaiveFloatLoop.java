package dev.darq.benchmarks;

/** Float32 as anyone would write it first: row by row, one product after the other. */
final class NaiveFloatLoop implements Contender {
    private final Workload workload;
    private final float[] output;
    private final float[][] between;

    NaiveFloatLoop(Workload workload) {
        this.workload = workload;
        Network network = workload.network();
        output = new float[workload.batch() * network.outputs()];
        between = network.layers().stream().map(layer -> new float[layer.outputs()]).toArray(float[][]::new);
    }

    @Override
    public Object run() {
        Network network = workload.network();
        for (int sample = 0; sample < workload.batch(); sample++) {
            float[] x = workload.input();
            int xAt = sample * network.inputs();
            for (int i = 0; i < between.length; i++) {
                if (i > 0) {
                    tanh(x);
                }
                multiply(network.layers().get(i), x, xAt, between[i]);
                x = between[i];
                xAt = 0;
            }
            System.arraycopy(x, 0, output, sample * network.outputs(), network.outputs());
        }
        return output;
    }

    static void tanh(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.tanh(values[i]);
        }
    }

    private static void multiply(Network.Layer layer, float[] x, int xAt, float[] y) {
        for (int row = 0; row < layer.outputs(); row++) {
            float sum = 0;
            for (int i = 0; i < layer.inputs(); i++) {
                sum += layer.weights()[row * layer.inputs() + i] * x[xAt + i];
            }
            y[row] = sum + layer.bias()[row];
        }
    }

    @Override
    public float[] output() {
        return output;
    }
}
