package dev.darq.experiments;

import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.quantizers.Candidate;
import dev.darq.search.Checkpoints;
import dev.darq.search.ExampleSplit;
import dev.darq.search.Mlp;
import dev.darq.search.MixedPrecision;
import dev.darq.search.SearchSpace;
import dev.darq.search.Training;
import dev.darq.search.TrainingListener;

/**
 * Networks with fixed quantizers in the budget of epochs of a search: all of them branch off one float32 network that was
 * trained for the epochs of warm-up and search, and are fine-tuned for as long as a searched one.
 */
public final class FixedSchemes {
    private final ExperimentConfig config;
    private final ExampleSplit split;
    private final Training training;

    /**
     * Networks of an experiment.
     *
     * @param split the experiment's examples
     */
    public FixedSchemes(ExperimentConfig config, ExampleSplit split, TrainingListener listener) {
        this(config, split, listener, Checkpoints.NONE);
    }

    /** Networks whose trainings can be left and taken up again. */
    FixedSchemes(ExperimentConfig config, ExampleSplit split, TrainingListener listener, Checkpoints checkpoints) {
        this.config = config;
        this.split = split;
        training = new Training(config.training(), config.seed(), listener, checkpoints);
    }

    /** The float32 network before its training. */
    Mlp floatNetwork() {
        return Mlp.create(config.network(), SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                config.quantizers(), config.seed());
    }

    /** Trains the float32 network. */
    public Mlp trunk() {
        Mlp trunk = floatNetwork();
        train(trunk);
        return trunk;
    }

    /** Trains it for the epochs of warm-up and search. */
    void train(Mlp trunk) {
        training.warmUp(trunk, split.train(), config.search().warmupEpochs());
        training.trainFloat(trunk, split.train(), config.search().epochs(), config.search().warmupEpochs());
    }

    /** A network with the weights of the trunk and the candidates of a space, set from data but not trained further. */
    public Mlp calibrated(Mlp trunk, SearchSpace space) {
        Mlp network = Mlp.create(config.network(), space, config.quantizers(), config.seed());
        calibrate(trunk, network);
        return network;
    }

    /** A network with the weights of the trunk and the quantizers of a scheme, set from data but not trained further. */
    Mlp calibrated(Mlp trunk, MixedPrecision scheme) {
        Mlp network = branch(scheme);
        calibrate(trunk, network);
        return network;
    }

    /** Gives a branch the weights of the trunk, and sets its quantizers from data. */
    void calibrate(Mlp trunk, Mlp branch) {
        branch.copyWeights(trunk);
        training.calibrate(branch, split.train());
    }

    /**
     * Trains a branch with fixed quantizers.
     *
     * @param trunk the float32 network; it is not changed
     * @param stage what the listener hears
     */
    public Mlp fineTuned(Mlp trunk, MixedPrecision scheme, String stage) {
        Mlp network = calibrated(trunk, scheme);
        fineTune(network, stage);
        return network;
    }

    /** A branch before it gets weights. */
    Mlp branch(MixedPrecision scheme) {
        return Mlp.create(config.network(), scheme, config.quantizers(), config.seed());
    }

    void fineTune(Mlp branch, String stage) {
        training.fineTune(stage, branch, split.train(), config.finetune(),
                config.search().warmupEpochs() + config.search().epochs());
    }
}
