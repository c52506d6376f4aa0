package dev.darq.experiments;

import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.quantizers.Candidate;
import dev.darq.search.Checkpoints;
import dev.darq.search.ExampleSplit;
import dev.darq.search.Network;
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
    Network floatNetwork() {
        return Network.create(config.network(), SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                config.quantizers(), config.seed());
    }

    /** Trains the float32 network. */
    public Network trunk() {
        Network trunk = floatNetwork();
        train(trunk);
        return trunk;
    }

    /** Trains it for the epochs of warm-up and search. */
    void train(Network trunk) {
        training.warmUp(trunk, split.train(), config.search().warmupEpochs());
        training.trainFloat(trunk, split.train(), config.search().epochs(), config.search().warmupEpochs());
    }

    /** A network with the weights of the trunk and the candidates of a space, set from data but not trained further. */
    public Network calibrated(Network trunk, SearchSpace space) {
        Network network = Network.create(config.network(), space, config.quantizers(), config.seed());
        calibrate(trunk, network);
        return network;
    }

    /** A network with the weights of the trunk and the quantizers of a scheme, set from data but not trained further. */
    Network calibrated(Network trunk, MixedPrecision scheme) {
        Network network = branch(scheme);
        calibrate(trunk, network);
        return network;
    }

    /** Gives a branch the weights of the trunk, and sets its quantizers from data. */
    void calibrate(Network trunk, Network branch) {
        branch.copyWeights(trunk);
        training.calibrate(branch, split.train());
    }

    /**
     * Trains a branch with fixed quantizers.
     *
     * @param trunk the float32 network; it is not changed
     * @param stage what the listener hears
     */
    public Network fineTuned(Network trunk, MixedPrecision scheme, String stage) {
        Network network = calibrated(trunk, scheme);
        fineTune(network, stage);
        return network;
    }

    /** A branch before it gets weights. */
    Network branch(MixedPrecision scheme) {
        return Network.create(config.network(), scheme, config.quantizers(), config.seed());
    }

    void fineTune(Network branch, String stage) {
        training.fineTune(stage, branch, split.train(), config.finetune(),
                config.search().warmupEpochs() + config.search().epochs());
    }
}
