package dev.darq.experiments;

import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.journal.RunParts;
import dev.darq.search.Adaptation;
import dev.darq.search.Allocation;
import dev.darq.search.BilevelSearch;
import dev.darq.search.Discretisation;
import dev.darq.search.ExampleSplit;
import dev.darq.search.MixedPrecision;
import dev.darq.search.Network;
import dev.darq.search.Training;
import dev.darq.search.TrainingListener;
import java.io.IOException;

/**
 * What a search leaves.
 *
 * @param network    the mixtures
 * @param allocation the scheme chosen from them
 * @param discrete   the network with that scheme, to be settled and fine-tuned; unless the alphas are reset it shares its
 *                   weights with the mixtures
 */
public record SearchedNetwork(Network network, Allocation allocation, Network discrete) {
    /**
     * Warms up, searches and chooses.
     *
     * @param split the experiment's examples
     * @param parts where the parts of the search are done and kept
     */
    public static SearchedNetwork search(ExperimentConfig config, ExampleSplit split, TrainingListener listener,
            RunParts parts) throws IOException {
        Training training = new Training(config.training(), config.seed(), listener, parts);
        FixedSchemes fixed = new FixedSchemes(config, split, listener, parts);
        Network network = Network.create(config.network(), config.layerSpaces(), config.quantizers(), config.seed());
        parts.hold("network", network);
        training.warmUp(network, split.train(), config.search().warmupEpochs());
        Network warm = fixed.floatNetwork();
        parts.hold("warm", warm);
        parts.once("calibration", () -> {
            warm.copyWeights(network);
            training.calibrate(network, split.train());
        });
        new BilevelSearch(config.search(), config.training(), config.seed(), listener, parts).search(network,
                split.train(), split.validation());
        // What follows from the end of the search is computed again by a run that is taken up: so that end is kept, and
        // fine-tuning, which moves the same weights, is saved beside it.
        parts.freeze("network");
        Allocation allocation = new Discretisation(network, config.search().costs(), config.discretisation())
                .choose(new Adaptation(config.training(), config.finetune().learningRate(), split.train(),
                        config.seed()),
                        split.validation());
        Network discrete = switch (config.discretisation().alphas()) {
            case FROZEN -> network.discrete(allocation);
            // The scheme on the weights before the search, its quantizers set anew.
            case RESET -> fixed.calibrated(warm, MixedPrecision.of(allocation));
        };
        return new SearchedNetwork(network, allocation, discrete);
    }

    /** Trains the scheme alone for the epochs that the search left. What is to be known of the mixtures is asked before. */
    public void settle(ExperimentConfig config, ExampleSplit split, TrainingListener listener, RunParts parts) {
        parts.hold("settled", discrete);
        new Training(config.training(), config.seed(), listener, parts).settle(discrete, split.train(),
                config.search());
        parts.freeze("settled");
    }
}
