package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.QuantizedTrainingSettings.Keep;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Quantization-aware training of a float32 network towards fixed candidates for each layer. */
public final class QuantizedTraining {
    private final QuantizedTrainingSettings settings;
    private final QuantizerSettings quantizers;
    private final int batchSize;
    private final long seed;
    private final TrainingListener listener;

    /**
     * Training with these settings.
     *
     * @param batchSize samples a step
     * @param seed      decides the order of the examples and what is done to them
     */
    public QuantizedTraining(QuantizedTrainingSettings settings, QuantizerSettings quantizers, int batchSize, long seed,
            TrainingListener listener) {
        this.settings = settings;
        this.quantizers = quantizers;
        this.batchSize = batchSize;
        this.seed = seed;
        this.listener = listener;
    }

    /**
     * Trains.
     *
     * @param stage      what the listener hears
     * @param teacher    the float32 network to start from, and to learn from; it is not changed
     * @param target     candidates of each layer
     * @param train      examples to learn from
     * @param validation examples that tell the best epoch, needed where that one is kept
     * @param keep       takes the network whenever it is the best so far, or once at the end; the network is live, so
     *                   whatever is to last must be taken from it there and then
     */
    public void train(String stage, Network teacher, List<LayerCandidates> target, Examples train,
            @Nullable Examples validation, Consumer<Network> keep) {
        Batch calibration = Training.calibrationBatch(train, seed);
        Run run = new Run(stage, train,
                new ScheduledNetwork(teacher, target, settings, quantizers, calibration),
                new Distillation(teacher, settings.distillation()));
        double best = -1;
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            double loss = run.epoch(epoch);
            Double accuracy = validation == null
                    ? null
                    : Evaluation.accuracy(Evaluation.logits(run.network(), validation), validation);
            listener.tuned(new TuningEpoch(stage, epoch + 1, run.scheduled.candidates(), loss, accuracy));
            if (settings.keep() == Keep.BEST && run.scheduled.isSettled(epoch)) {
                if (accuracy == null) {
                    throw new IllegalArgumentException("the best epoch cannot be told without validation examples");
                }
                if (accuracy > best) {
                    best = accuracy;
                    keep.accept(run.network());
                }
            }
        }
        if (settings.keep() == Keep.LAST || settings.epochs() == 0) {
            keep.accept(run.scheduled.network(settings.epochs()));
        }
    }

    /** The state of one training. */
    private final class Run {
        private final String stage;
        private final ScheduledNetwork scheduled;
        private final Distillation distillation;
        private final Batches batches;
        private final int perEpoch;
        private Network network;
        private Training.Optimizers optimizers;

        Run(String stage, Examples train, ScheduledNetwork scheduled, Distillation distillation) {
            this.stage = stage;
            this.scheduled = scheduled;
            this.distillation = distillation;
            batches = new Batches(train, batchSize, seed, 0);
            perEpoch = Batches.perEpoch(train, batchSize);
            network = scheduled.network(0);
            optimizers = Training.Optimizers.of(network, settings.weightDecay());
        }

        Network network() {
            return network;
        }

        /** Returns the mean loss. */
        double epoch(int epoch) {
            Network next = scheduled.network(epoch);
            if (next != network) {
                network = next;
                optimizers = optimizers.of(next);
            }
            FiniteCheck check = new FiniteCheck(stage, network);
            SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L - epoch);
            double total = 0;
            int steps = settings.epochs() * perEpoch;
            try (NDManager manager = NDManager.newBaseManager()) {
                for (int i = 0; i < perEpoch; i++) {
                    int step = epoch * perEpoch + i;
                    check.values(step + 1);
                    Batch batch = batches.next();
                    settings.augmentation().apply(batch, random);
                    double loss = Training.lossAndGradients(manager, network, batch, Pass.INNER,
                            objective(manager, batch));
                    check.loss("loss", step + 1, loss);
                    check.gradients(step + 1);
                    optimizers.step(network, settings.rate().at(settings.learningRate(), (double) step / steps));
                    listener.step(new TrainingListener.Step(stage, step + 1, steps, loss));
                    total += loss;
                }
            }
            check.values((epoch + 1) * perEpoch);
            return total / perEpoch;
        }

        private Training.Objective objective(NDManager manager, Batch batch) {
            if (settings.distillation().weight() == 0) {
                return CrossEntropy::loss;
            }
            float[] softLabels = distillation.softLabels(manager, batch);
            return (Tape tape, NDArray logits, int[] labels) -> distillation.loss(tape, logits, labels, softLabels);
        }
    }
}
