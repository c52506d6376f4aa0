package dev.darq.search;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The bilevel optimizer (DARTS, Liu et al. 2019): inner steps move the weights and the quantizers' parameters on the
 * training split, outer steps move the architecture parameters on the validation split by
 * {@code CE + lambda_cost * cost + lambda_err * err} and, where it is asked for, the entropy of the choices.
 *
 * <p>
 * With the first order the weights move first, and the architecture's gradient takes them as they are. With the second
 * order the architecture moves first, through the step that the weights are about to take on the same training batch. On
 * a single level there is one batch and one backward pass for both.
 */
public final class BilevelSearch {
    private static final int CURVATURE_EXAMPLES = 512;
    /** In units of alpha/T, of which the curvature is measured. */
    private static final double CURVATURE_RADIUS = 0.05;

    private final SearchSettings settings;
    private final TrainingSettings training;
    private final long seed;
    private final TrainingListener listener;
    private final Checkpoints checkpoints;

    /** A search with these settings; the seed decides the order of the examples and what a relaxation draws. */
    public BilevelSearch(SearchSettings settings, TrainingSettings training, long seed, TrainingListener listener) {
        this(settings, training, seed, listener, Checkpoints.NONE);
    }

    /** A search that can be left and taken up again; the network is the caller's to save and to restore. */
    public BilevelSearch(SearchSettings settings, TrainingSettings training, long seed, TrainingListener listener,
            Checkpoints checkpoints) {
        this.settings = settings;
        this.training = training;
        this.seed = seed;
        this.listener = listener;
        this.checkpoints = checkpoints;
    }

    /**
     * Searches, up to the choice of a scheme. The network's weights must be warmed up and its quantizers calibrated.
     *
     * @param network    a network whose layers hold the candidates; its parameters are changed
     * @param train      examples of the inner steps
     * @param validation examples of the outer steps
     */
    public void search(Network network, Examples train, Examples validation) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Run run = new Run(manager, network, train, validation);
            run.steps.run(run::step);
        }
    }

    /** One search: what its steps work with, and {@link SearchState}, what they change. */
    private final class Run {
        final NDManager manager;
        final Network network;
        final Examples validation;
        final int perEpoch;
        final Steps steps;
        final SearchState state;
        final NetworkProblem problem;
        final UnrolledGradient unrolled;
        TrainingListener.@Nullable EarlyStop stop;

        Run(NDManager manager, Network network, Examples train, Examples validation) {
            this.manager = manager;
            this.network = network;
            this.validation = validation;
            perEpoch = Batches.perEpoch(train, training.batchSize());
            state = new SearchState(network, settings, training, train, validation, seed);
            steps = new Steps("search", settings.mixedEpochs(), perEpoch, network, checkpoints).with("search", state);
            problem = new NetworkProblem(manager, network, state.objective, steps.check());
            unrolled = new UnrolledGradient(problem, List.of(state.optimizers.weights(), state.optimizers.others()));
            network.choices().forEach(choice -> choice.relaxation(settings.relaxation().relaxation()));
        }

        void step(int step) {
            double progress = (double) step / (settings.epochs() * perEpoch);
            double temperature = settings.relaxation().temperature().at(progress);
            network.choices().forEach(choice -> choice.temperature(temperature));
            problem.next(step, progress);
            double rate = RateSchedule.COSINE.at(training.learningRate(), progress);
            double loss = switch (settings.order()) {
                case FIRST -> firstOrder(step, rate);
                case SECOND -> secondOrder(step, rate);
                case SINGLE_LEVEL -> singleLevel(step, rate);
            };
            state.trainingLoss += loss;
            state.error += problem.error();
            if ((step + 1) % perEpoch == 0) {
                finishEpoch((step + 1) / perEpoch, temperature);
            }
            listener.step(new TrainingListener.Step("search", step + 1, steps.count(), loss, state.objective.costs(),
                    state.objective.allLambdas()));
            if (stop != null) {
                listener.stopped(stop);
                steps.stop();
            }
        }

        private double firstOrder(int step, double rate) {
            problem.train(state.trainBatches.next());
            double loss = inner(step, rate);
            problem.validation(state.validationBatches.next());
            draw(2L * step + 1);
            moveArchitecture(step, problem.outer());
            return loss;
        }

        private double secondOrder(int step, double rate) {
            problem.train(state.trainBatches.next());
            problem.validation(state.validationBatches.next());
            draw(2L * step + 1);
            moveArchitecture(step, unrolled.compute(rate));
            return inner(step, rate);
        }

        private double singleLevel(int step, double rate) {
            problem.train(state.trainBatches.next());
            draw(2L * step);
            double loss = problem.singleLevel();
            steps.check().gradients(step + 1);
            state.optimizers.step(network, rate);
            moveArchitecture(step, loss);
            return loss;
        }

        private double inner(int step, double rate) {
            draw(2L * step);
            double loss = problem.inner();
            steps.check().gradients(step + 1);
            state.optimizers.step(network, rate);
            return loss;
        }

        private void moveArchitecture(int step, double validationLoss) {
            steps.check().alphaGradients(step + 1);
            state.validationLoss += validationLoss;
            state.architecture.step(settings.alphaLearningRate());
            state.objective.updateMultipliers(validationLoss, problem.error());
        }

        private void draw(long number) {
            long drawn = new SplittableRandom(seed ^ number * 0xD1B54A32D192ED03L).nextLong();
            network.choices().forEach(choice -> choice.draw(drawn));
        }

        private void finishEpoch(int epoch, double temperature) {
            CurvatureStop curvatureStop = state.curvatureStop;
            Double curvature = curvatureStop != null && curvatureStop.measures(epoch) ? curvature(temperature) : null;
            listener.epoch(new EpochMetrics(epoch, temperature, state.trainingLoss / perEpoch,
                    state.validationLoss / perEpoch, accuracy(Pass.EVALUATE_SOFT), accuracy(Pass.EVALUATE_HARD),
                    state.objective.entropy(), state.error / perEpoch, state.objective.errorLambda(),
                    state.objective.costs(), state.objective.lambdas(), state.objective.layers(), curvature));
            state.startEpoch();
            if (curvatureStop != null && curvature != null && epoch < settings.mixedEpochs()) {
                stop = curvatureStop.after(epoch, curvature, problem.alphas());
            }
        }

        /**
         * Curvature of the validation loss on a fixed batch, by {@code alpha/T}. By alpha itself it would grow with
         * {@code 1/T^2} as the temperature falls, whatever the loss does.
         */
        private double curvature(double temperature) {
            Batch batch = Batch.of(validation, Batch.inOrder(validation.size()), 0,
                    Math.min(CURVATURE_EXAMPLES, validation.size()));
            Runnable gradient = () -> {
                Training.lossAndGradients(manager, network, batch, Pass.CURVATURE);
                network.choices().forEach(RelaxedChoice::finishGradient);
            };
            double byAlpha = new Curvature(problem.alphas(), gradient, CURVATURE_RADIUS * temperature)
                    .largestEigenvalue(seed);
            return byAlpha * temperature * temperature;
        }

        private double accuracy(Pass pass) {
            return Evaluation.accuracy(Evaluation.logits(network, validation, pass), validation);
        }
    }
}
