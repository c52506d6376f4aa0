package dev.darq.benchmarks;

import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;

/** A packed model on Darq's kernels, as a user runs it: encoding of the activations included. */
final class DarqContender implements Contender {
    private final Session session;
    private final int batch;
    private final float[] input;
    private final float[] output;

    DarqContender(Workload workload, PackedModel model) {
        session = session(model, workload.batch());
        batch = workload.batch();
        input = workload.input();
        output = new float[batch * model.outputs()];
    }

    /** The one place of this module where sessions are made; {@code batch} is how many samples each run will have. */
    @SuppressWarnings("unused")
    static Session session(PackedModel model, int batch) {
        return model.session();
    }

    @Override
    public Object run() {
        session.run(input, batch, output);
        return output;
    }

    @Override
    public float[] output() {
        return output;
    }
}
