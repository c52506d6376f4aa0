package dev.darq.experiments;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.State;
import dev.darq.search.BilevelSearch;
import dev.darq.search.Examples;
import dev.darq.search.Network;
import dev.darq.search.SearchSettings;
import dev.darq.search.SearchSpace;
import dev.darq.search.Training;
import dev.darq.search.TrainingListener;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * Times a step of a search (inner and outer) against two steps of plain float32 training of the same network: short
 * trainings and searches take turns, and each figure is the median over all steps. The candidates are as probable as at
 * the start of a search, so none has left the mixture.
 */
public final class StepBenchmark {
    private static final int STEPS = 20;
    /** Until the JVM has compiled everything. */
    private static final int UNCOUNTED_ROUNDS = 3;
    private static final double UNCOUNTED_SECONDS = 10;
    /** Large networks take so long for a step that few rounds must do. */
    private static final int LEAST_ROUNDS = 4;
    private static final int MOST_ROUNDS = 50;
    private static final double SECONDS = 60;
    private static final double NANOS_PER_MILLISECOND = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final ExperimentConfig config;
    private final Examples examples;
    /** Few, since a search ends by measuring its accuracy on them. */
    private final Examples validation;
    private final SearchSettings settings;
    private final State calibrated = new State();

    private StepBenchmark(ExperimentConfig config) {
        this.config = config;
        int batch = config.training().batchSize();
        examples = new Noise(config.network().inputs(), config.network().classes(), STEPS * batch);
        validation = new Noise(config.network().inputs(), config.network().classes(), batch);
        SearchSettings search = config.search();
        settings = new SearchSettings(0, 1, 0, search.order(), search.alphaLearningRate(), search.relaxation(),
                search.costs(), search.error(), null);
    }

    /** Measures with the network, the candidates, the batch and the threads of a configuration, on random data. */
    public static Table measure(ExperimentConfig config) {
        Engine.getInstance();
        JniUtils.setNumThreads(config.threads());
        return new StepBenchmark(config).measure();
    }

    private Table measure() {
        Network network = searched();
        new Training(config.training(), config.seed(), TrainingListener.NONE).calibrate(network, examples);
        network.save(calibrated);
        DescriptiveStatistics plain = new DescriptiveStatistics();
        DescriptiveStatistics search = new DescriptiveStatistics();
        long start = System.nanoTime();
        for (int round = 0; round < UNCOUNTED_ROUNDS || seconds(start) < UNCOUNTED_SECONDS; round++) {
            plainSteps(plain);
            searchSteps(search);
        }
        plain.clear();
        search.clear();
        for (int round = 0; round < LEAST_ROUNDS || round < MOST_ROUNDS && seconds(start) < SECONDS; round++) {
            plainSteps(plain);
            searchSteps(search);
        }
        double plainMillis = plain.getPercentile(50) / NANOS_PER_MILLISECOND;
        double searchMillis = search.getPercentile(50) / NANOS_PER_MILLISECOND;
        Table table = new Table().text("step").number("ms").number("of two plain steps");
        table.row(Cell.of("two plain float32 steps"), Cell.number(2 * plainMillis, 2), Cell.times(1, 2));
        table.row(Cell.of("search step (inner and outer)"), Cell.number(searchMillis, 2),
                Cell.times(searchMillis / (2 * plainMillis), 2));
        return table;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / NANOS_PER_SECOND;
    }

    private void plainSteps(DescriptiveStatistics times) {
        Network network = Network.create(config.network(), SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32),
                config.quantizers(), config.seed());
        new Training(config.training(), config.seed(), new Clock(times::addValue)).warmUp(network, examples, 1);
    }

    private void searchSteps(DescriptiveStatistics times) {
        Network network = searched();
        network.restore(calibrated);
        new BilevelSearch(settings, config.training(), config.seed(), new Clock(times::addValue)).search(network,
                examples, validation);
    }

    private Network searched() {
        return Network.create(config.network(), config.layerSpaces(), config.quantizers(), config.seed());
    }

    /** Hears how long each step took but the first, and the last, which ends an epoch. */
    private static final class Clock implements TrainingListener {
        private final Consumer<Double> times;
        private long last;

        Clock(Consumer<Double> times) {
            this.times = times;
        }

        @Override
        public void step(Step step) {
            long now = System.nanoTime();
            if (step.step() > 1 && step.step() < step.steps()) {
                times.accept((double) (now - last));
            }
            last = now;
        }
    }

    /** Examples without meaning: a step takes as long whatever is in them. */
    private static final class Noise implements Examples {
        private final int width;
        private final int classes;
        private final int size;
        private final float[] features;

        Noise(int width, int classes, int size) {
            this.width = width;
            this.classes = classes;
            this.size = size;
            SplittableRandom random = new SplittableRandom(1);
            features = new float[Math.multiplyExact(size, width)];
            for (int i = 0; i < features.length; i++) {
                features[i] = (float) random.nextDouble();
            }
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public int classes() {
            return classes;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public void features(int index, float[] target, int offset) {
            System.arraycopy(features, index * width, target, offset, width);
        }

        @Override
        public int label(int index) {
            return index % classes;
        }
    }
}
