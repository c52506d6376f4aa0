package dev.darq.benchmarks;

import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import java.time.Duration;

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

    /** A session on compiled kernels, chosen for so many samples a run. */
    static Session session(PackedModel model, int batch) {
        Session session = model.session(batch);
        if (!session.warmUp(Duration.ofMinutes(2))) {
            throw new IllegalStateException("the kernels were not compiled within two minutes");
        }
        return session;
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
