package dev.darq.search;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * The bilevel optimizer (DARTS, Liu et al. 2019, first order): inner steps move the weights and the quantizers'
 * parameters on the training split, outer steps move the architecture parameters on the validation split by
 * {@code CE + lambda_cost * cost + lambda_err * err}.
 */
public final class BilevelSearch {
    private final SearchSettings settings;
    private final TrainingSettings training;
    private final long seed;
    private final TrainingListener listener;

    /** A search with these settings; the seed decides the order of the examples. */
    public BilevelSearch(SearchSettings settings, TrainingSettings training, long seed, TrainingListener listener) {
        this.settings = settings;
        this.training = training;
        this.seed = seed;
        this.listener = listener;
    }

    /**
     * Searches. The network's weights must be warmed up and its quantizers calibrated.
     *
     * @param network    a network whose layers hold the candidates; its parameters are changed
     * @param train      examples of the inner steps
     * @param validation examples of the outer steps
     */
    public void search(Mlp network, Examples train, Examples validation) {
        Run run = new Run(network, train, validation);
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int step = 0; step < run.steps; step++) {
                run.step(manager, step);
            }
        }
    }

    /** The state of one search. */
    private final class Run {
        final Mlp network;
        final Examples validation;
        final int perEpoch;
        final int steps;
        final Batches trainBatches;
        final Batches validationBatches;
        final Training.Optimizers optimizers;
        final Adam architecture;
        final List<NetworkCost> costs = new ArrayList<>();
        final List<Multiplier> multipliers = new ArrayList<>();
        double trainingLoss;
        double validationLoss;
        double error;

        Run(Mlp network, Examples train, Examples validation) {
            this.network = network;
            this.validation = validation;
            perEpoch = Batches.perEpoch(train, training.batchSize());
            steps = settings.epochs() * perEpoch;
            trainBatches = new Batches(train, training.batchSize(), seed, settings.warmupEpochs());
            validationBatches = new Batches(validation, training.batchSize(), seed, 0);
            optimizers = Training.Optimizers.of(network, training.weightDecay());
            architecture = new Adam(network.alphas(), 0.5, 0.999, 0);
            for (Budget budget : settings.costs()) {
                costs.add(new NetworkCost(budget.model(), network));
                multipliers.add(new Multiplier(budget));
            }
        }

        void step(NDManager manager, int step) {
            double progress = (double) step / steps;
            double temperature = settings.temperature().at(progress);
            network.tensors().forEach(tensor -> tensor.temperature(temperature));
            double inner = inner(manager, progress, step);
            validationLoss += outer(manager, step);
            trainingLoss += inner;
            if ((step + 1) % perEpoch == 0) {
                finishEpoch((step + 1) / perEpoch, temperature);
            }
            listener.step(new TrainingListener.Step("search", step + 1, steps, inner, expectedCosts()));
        }

        private double inner(NDManager manager, double progress, int step) {
            double loss = Training.lossAndGradients(manager, network, trainBatches.next(), Pass.INNER);
            Training.check("search", step + 1, loss);
            optimizers.step(network, RateSchedule.COSINE.at(training.learningRate(), progress));
            return loss;
        }

        private double outer(NDManager manager, int step) {
            double loss = Training.lossAndGradients(manager, network, validationBatches.next(), Pass.OUTER);
            Training.check("search (validation)", step + 1, loss);
            error += addErrorGradient();
            for (int k = 0; k < costs.size(); k++) {
                costs.get(k).backward(multipliers.get(k).lambda());
            }
            network.tensors().forEach(MixedTensor::finishArchitectureGradient);
            architecture.step(settings.alphaLearningRate());
            List<Double> expected = expectedCosts();
            for (int k = 0; k < expected.size(); k++) {
                multipliers.get(k).ascend(expected.get(k));
            }
            return loss;
        }

        /** {@code err}: mean over layers of the expected relative error of weights and of activations. */
        private double addErrorGradient() {
            int layers = network.layers().size();
            double total = 0;
            for (MixedTensor tensor : network.tensors()) {
                double[] p = tensor.probabilities();
                for (int j = 0; j < p.length; j++) {
                    total += p[j] * tensor.errors()[j] / layers;
                    tensor.probabilityGradient()[j] += settings.errorWeight() * tensor.errors()[j] / layers;
                }
            }
            return total;
        }

        private void finishEpoch(int epoch, double temperature) {
            double soft = accuracy(Pass.EVALUATE_SOFT);
            double hard = accuracy(Pass.EVALUATE_HARD);
            listener.epoch(
                    new EpochMetrics(epoch, temperature, trainingLoss / perEpoch, validationLoss / perEpoch, soft,
                            hard, error / perEpoch, expectedCosts(),
                            multipliers.stream().map(Multiplier::lambda).toList()));
            trainingLoss = 0;
            validationLoss = 0;
            error = 0;
        }

        private List<Double> expectedCosts() {
            return costs.stream().map(NetworkCost::expected).toList();
        }

        private double accuracy(Pass pass) {
            return Evaluation.accuracy(Evaluation.logits(network, validation, pass), validation);
        }
    }
}
