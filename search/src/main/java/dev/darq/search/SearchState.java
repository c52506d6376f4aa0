package dev.darq.search;

import dev.darq.quantizers.State;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of a search change beside the network's own parameters. Samples of a relaxation are functions of the
 * seed and the step, so nothing random is among it.
 */
final class SearchState implements State.Holder {
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

    SearchState(Network network, SearchSettings settings, TrainingSettings training, Examples train,
            Examples validation,
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

    @Override
    public void save(State state) {
        optimizers.save(state.under("optimizers"));
        architecture.save(state.under("architecture"));
        trainBatches.save(state.under("train"));
        validationBatches.save(state.under("validation"));
        objective.save(state.under("objective"));
        CurvatureStop stop = curvatureStop;
        if (stop != null) {
            stop.save(state.under("curvature"));
        }
        state.put("sums", trainingLoss, validationLoss, error);
    }

    @Override
    public void restore(State state) {
        optimizers.restore(state.under("optimizers"));
        architecture.restore(state.under("architecture"));
        trainBatches.restore(state.under("train"));
        validationBatches.restore(state.under("validation"));
        objective.restore(state.under("objective"));
        CurvatureStop stop = curvatureStop;
        if (stop != null) {
            stop.restore(state.under("curvature"));
        }
        double[] sums = state.doubles("sums", 3);
        trainingLoss = sums[0];
        validationLoss = sums[1];
        error = sums[2];
    }
}
