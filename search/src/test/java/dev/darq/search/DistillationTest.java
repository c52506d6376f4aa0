package dev.darq.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.darq.kernels.ActivationFunction;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import java.util.SplittableRandom;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistillationTest {
    private static final int ROWS = 5;
    private static final int CLASSES = 4;
    private static final int[] LABELS = {3, 0, 1, 1, 2};
    private static final Network TEACHER = Network.create(
            new MlpSpec(java.util.List.of(6, 5, CLASSES), ActivationFunction.TANH),
            SearchSpace.uniform(Candidate.FLOAT32, Candidate.FLOAT32), QuantizerSettings.DEFAULT, 3);
    private static final Batch BATCH = Batch.of(new Blobs(ROWS, 6, CLASSES, 1), Batch.inOrder(ROWS), 0, ROWS);

    private static float[] logits() {
        SplittableRandom random = new SplittableRandom(8);
        float[] logits = new float[ROWS * CLASSES];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian(0, 2);
        }
        return logits;
    }

    private static Distillation distillation(double temperature, double weight) {
        return new Distillation(TEACHER, new DistillationSettings(temperature, weight));
    }

    private static float[] softLabels(double temperature) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return distillation(temperature, 1).softLabels(manager, BATCH);
        }
    }

    private static double loss(Distillation distillation, float[] logits, float[] softLabels) {
        try (NDManager manager = NDManager.newBaseManager(); Tape tape = new Tape(manager, false)) {
            return distillation.loss(tape, tape.constant(logits, new Shape(ROWS, CLASSES)), LABELS, softLabels)
                    .getFloat();
        }
    }

    private static double[] softmax(float[] logits, int row, double temperature) {
        double[] p = new double[CLASSES];
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
            p[c] = Math.exp(logits[row * CLASSES + c] / temperature);
            sum += p[c];
        }
        for (int c = 0; c < CLASSES; c++) {
            p[c] /= sum;
        }
        return p;
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "4, 0.7", "2.5, 0.3"})
    void theLossIsTheFormulas(double temperature, double weight) {
        float[] logits = logits();
        float[] teacher = softLabels(temperature);
        double expected = 0;
        for (int row = 0; row < ROWS; row++) {
            expected -= (1 - weight) * Math.log(softmax(logits, row, 1)[LABELS[row]]);
            double[] student = softmax(logits, row, temperature);
            for (int c = 0; c < CLASSES; c++) {
                double t = teacher[row * CLASSES + c];
                expected += weight * temperature * temperature * t * Math.log(t / student[c]);
            }
        }
        assertEquals(expected / ROWS, loss(distillation(temperature, weight), logits, teacher), 1e-5);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "4, 0.7"})
    void theGradientMatchesFiniteDifferences(double temperature, double weight) {
        Distillation distillation = distillation(temperature, weight);
        float[] logits = logits();
        float[] teacher = softLabels(temperature);
        float[] gradient = new float[logits.length];
        try (NDManager manager = NDManager.newBaseManager(); Tape tape = new Tape(manager, true)) {
            NDArray leaf = tape.cut(null, tape.constant(logits, new Shape(ROWS, CLASSES)),
                    (g, source) -> MemorySegment.copy(g, ValueLayout.JAVA_FLOAT, 0, gradient, 0, gradient.length));
            tape.backward(distillation.loss(tape, leaf, LABELS, teacher));
        }
        for (int i = 0; i < logits.length; i++) {
            float kept = logits[i];
            logits[i] = kept + 1e-2f;
            double above = loss(distillation, logits, teacher);
            logits[i] = kept - 1e-2f;
            double below = loss(distillation, logits, teacher);
            logits[i] = kept;
            assertEquals((above - below) / 2e-2, gradient[i], 2e-4, "logit " + i);
        }
    }

    @Test
    void aStudentThatSaysWhatTheTeacherSaysHasNoDivergence() {
        float[] logits = new float[ROWS * CLASSES];
        float[] teacher = softLabels(3);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (3 * Math.log(teacher[i]));
        }
        assertEquals(0, loss(distillation(3, 1), logits, teacher), 1e-5);
    }
}
