package dev.darq.search;

import org.jspecify.annotations.Nullable;

/**
 * What the steps of a search change beside the network's own parameters. Samples of a relaxation are functions of the
 * seed and the step, so nothing random is among it.
 */
final class SearchState {
    /** Moments of the weights and the quantizers' parameters. */
    final Training.Optimizers optimizers;
    /** Moments of the architecture parameters. */
    final Adam architecture;
    final Batches trainBatches;
    final Batches validationBatches;
    /** Holds the multipliers. */
    final OuterObjective objective;
    final @Nullable CurvatureStop curvatureStop;
    /** Sums over the steps of the present epoch. */
    double trainingLoss;
    double validationLoss;
    double error;

    SearchState(Mlp network, SearchSettings settings, TrainingSettings training, Examples train, Examples validation,
            long seed) {
        optimizers = Training.Optimizers.of(network, training.weightDecay());
        architecture = new Adam(network.alphas(), 0.5, 0.999, 0);
        trainBatches = new Batches(train, training.batchSize(), seed, settings.warmupEpochs());
        validationBatches = new Batches(validation, training.batchSize(), seed, 0);
        objective = new OuterObjective(network, settings);
        EarlyStopping earlyStopping = settings.earlyStopping();
        curvatureStop = earlyStopping == null ? null : new CurvatureStop(earlyStopping);
    }

    void startEpoch() {
        trainingLoss = 0;
        validationLoss = 0;
        error = 0;
    }
}
