package dev.darq.benchmarks;

import dev.darq.experiments.naive.NaiveNetwork;
import dev.darq.kernels.PackedModel;

/** A network in plain loops, sample by sample. */
final class NaiveContender implements Contender {
    private final Workload workload;
    private final NaiveNetwork naive;
    private final float[] output;

    private NaiveContender(Workload workload, NaiveNetwork naive) {
        this.workload = workload;
        this.naive = naive;
        output = new float[workload.batch() * workload.network().outputs()];
    }

    /** In float32. */
    static NaiveContender floats(Workload workload) {
        return new NaiveContender(workload, NaiveNetwork.floats(Codes.floats().pack(workload.network())));
    }

    /** In the thesis's loop, on a model of LQ codes. */
    static NaiveContender words(Workload workload, PackedModel model) {
        return new NaiveContender(workload, NaiveNetwork.words(model));
    }

    @Override
    public Object run() {
        Network network = workload.network();
        for (int sample = 0; sample < workload.batch(); sample++) {
            naive.run(workload.input(), sample * network.inputs(), output, sample * network.outputs());
        }
        return output;
    }

    @Override
    public float[] output() {
        return output;
    }
}
