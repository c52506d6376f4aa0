package dev.darq.search;

import ai.djl.ndarray.NDManager;

/**
 * A few steps of training that let a network get used to what was chosen for it, from fresh moments and with a rate that
 * falls along a cosine.
 *
 * @param training     batch size and weight decay
 * @param learningRate at the first step
 * @param examples     what is trained on; every adaptation sees the same batches
 * @param seed         decides their order
 */
public record Adaptation(TrainingSettings training, double learningRate, Examples examples, long seed) {
    /** Trains weights and quantizers; the mixtures stay as they are. */
    void run(Network network, int count) {
        if (count == 0) {
            return;
        }
        Training.Optimizers optimizers = Training.Optimizers.of(network, training.weightDecay());
        Batches batches = new Batches(examples, training.batchSize(), seed, 0);
        Steps steps = new Steps("discretisation", 1, count, network, Checkpoints.NONE);
        try (NDManager manager = NDManager.newBaseManager()) {
            steps.run(step -> {
                steps.check().loss("loss", step + 1,
                        Training.lossAndGradients(manager, network, batches.next(), Pass.INNER));
                steps.check().gradients(step + 1);
                optimizers.step(network, RateSchedule.COSINE.at(learningRate, (double) step / count));
            });
        }
    }
}
