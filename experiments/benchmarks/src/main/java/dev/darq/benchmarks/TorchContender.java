package dev.darq.benchmarks;

import dev.darq.experiments.TorchMlp;
import dev.darq.kernels.PackedModel;

/** Float32 on libtorch, one thread. */
final class TorchContender implements Contender {
    private final TorchMlp network;
    private final float[] input;
    private float[] output = new float[0];

    TorchContender(Workload workload, PackedModel floats) {
        network = new TorchMlp(floats);
        input = workload.input();
    }

    @Override
    public Object run() {
        output = network.run(input);
        return output;
    }

    @Override
    public float[] output() {
        return output;
    }

    @Override
    public void close() {
        network.close();
    }
}
