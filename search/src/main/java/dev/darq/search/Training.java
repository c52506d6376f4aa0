package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.State;
import java.util.function.DoubleUnaryOperator;

/**
 * Ordinary training: warm-up, the float32 baseline, and fine-tuning with fixed quantizers.
 *
 * <p>
 * Weights and the quantizers' parameters have an Adam of their own, since only the former decay.
 */
public final class Training {
    private static final int CALIBRATION_EXAMPLES = 1024;

    private final TrainingSettings settings;
    private final long seed;
    private final TrainingListener listener;
    private final Checkpoints checkpoints;

    /** Training with these settings; the seed decides the order of the examples. */
    public Training(TrainingSettings settings, long seed, TrainingListener listener) {
        this(settings, seed, listener, Checkpoints.NONE);
    }

    /** Training that can be left and taken up again; the network is the caller's to save and to restore. */
    public Training(TrainingSettings settings, long seed, TrainingListener listener, Checkpoints checkpoints) {
        this.settings = settings;
        this.seed = seed;
        this.listener = listener;
        this.checkpoints = checkpoints;
    }

    /** What a step makes smaller: a scalar of the logits {@code [batch, classes]} and the class of each row. */
    @FunctionalInterface
    interface Objective {
        NDArray loss(Tape tape, NDArray logits, int[] labels);
    }

    /** The optimizers of everything but the architecture. */
    record Optimizers(Adam weights, Adam others) implements State.Holder {
        static Optimizers of(Network network, double weightDecay) {
            return new Optimizers(new Adam(network.weightMatrices(), 0.9, 0.999, weightDecay),
                    new Adam(network.otherParameters(), 0.9, 0.999, 0));
        }

        /** These, for a network that shares the weight matrices but not the quantizers. */
        Optimizers of(Network network) {
            return new Optimizers(weights, new Adam(network.otherParameters(), 0.9, 0.999, 0));
        }

        @Override
        public void save(State state) {
            weights.save(state.under("weights"));
            others.save(state.under("others"));
        }

        @Override
        public void restore(State state) {
            weights.restore(state.under("weights"));
            others.restore(state.under("others"));
        }

        void step(Network network, double rate) {
            weights.step(rate);
            others.step(rate);
            network.constrain();
        }
    }

    /** Trains in float32 at a constant rate, before a search. */
    public void warmUp(Network network, Examples examples, int epochs) {
        train("warm-up", network, examples, epochs, 0, progress -> settings.learningRate(), Pass.TRAIN_FLOAT);
    }

    /** Trains in float32 while other networks search; the rate falls along a cosine. */
    public void trainFloat(Network network, Examples examples, int epochs, int firstEpoch) {
        train("float32", network, examples, epochs, firstEpoch, falling(settings.learningRate()), Pass.TRAIN_FLOAT);
    }

    /**
     * Trains what a search chose, each layer having one quantizer for each tensor, for the epochs that it left: rate and
     * order of the examples go on where they were.
     */
    public void settle(Network network, Examples examples, SearchSettings search) {
        double done = (double) search.mixedEpochs() / Math.max(1, search.epochs());
        DoubleUnaryOperator rate = falling(settings.learningRate());
        train("settling", network, examples, search.settlingEpochs(), search.warmupEpochs() + search.mixedEpochs(),
                progress -> rate.applyAsDouble(done + (1 - done) * progress), Pass.INNER);
    }

    /** Trains with the network's quantizers, each layer having one; the rate falls along a cosine. */
    public void fineTune(String stage, Network network, Examples examples, FinetuneSettings finetune, int firstEpoch) {
        train(stage, network, examples, finetune.epochs(), firstEpoch, falling(finetune.learningRate()), Pass.INNER);
    }

    private static DoubleUnaryOperator falling(double start) {
        return progress -> RateSchedule.COSINE.at(start, progress);
    }

    /** Sets all quantizers from the float32 network's weights and the inputs its layers see. */
    public void calibrate(Network network, Examples examples) {
        Batch batch = calibrationBatch(examples, seed);
        try (NDManager manager = NDManager.newBaseManager(); Tape tape = new Tape(manager, false)) {
            network.calibrate(tape, tape.constant(batch.features(), new Shape(batch.size(), batch.width())));
        }
    }

    /** The examples from which quantizers are set. */
    static Batch calibrationBatch(Examples examples, long seed) {
        int[] order = Batch.shuffled(examples.size(), seed, -1);
        return Batch.of(examples, order, 0, Math.min(CALIBRATION_EXAMPLES, order.length));
    }

    private void train(String stage, Network network, Examples examples, int epochs, int firstEpoch,
            DoubleUnaryOperator rate, Pass pass) {
        Optimizers optimizers = Optimizers.of(network, settings.weightDecay());
        Batches batches = new Batches(examples, settings.batchSize(), seed, firstEpoch);
        Steps steps = new Steps(stage, epochs, Batches.perEpoch(examples, settings.batchSize()), network, checkpoints)
                .with("optimizers", optimizers).with("batches", batches);
        try (NDManager manager = NDManager.newBaseManager()) {
            steps.run(step -> {
                double loss = lossAndGradients(manager, network, batches.next(), pass);
                steps.check().loss("loss", step + 1, loss);
                steps.check().gradients(step + 1);
                optimizers.step(network, rate.applyAsDouble((double) step / steps.count()));
                listener.step(new TrainingListener.Step(stage, step + 1, steps.count(), loss));
            });
        }
    }

    static double lossAndGradients(NDManager manager, Network network, Batch batch, Pass pass) {
        return lossAndGradients(manager, network, batch, pass, CrossEntropy::loss);
    }

    static double lossAndGradients(NDManager manager, Network network, Batch batch, Pass pass, Objective objective) {
        try (Tape tape = new Tape(manager, true)) {
            NDArray x = tape.constant(batch.features(), new Shape(batch.size(), batch.width()));
            NDArray loss = objective.loss(tape, network.forward(tape, x, pass), batch.labels());
            double value = loss.getFloat();
            if (Double.isFinite(value)) {
                tape.backward(loss);
            }
            return value;
        }
    }
}
