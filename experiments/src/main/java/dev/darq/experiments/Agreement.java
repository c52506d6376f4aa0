package dev.darq.experiments;

import dev.darq.experiments.report.Json;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import dev.darq.search.Evaluation;
import dev.darq.search.Examples;
import java.util.Locale;

/**
 * How far a packed model predicts what its fake-quantized network predicts.
 *
 * @param examples  number of examples compared
 * @param different predictions that differ
 * @param ties      of these, how many where the network's two highest logits lie within float rounding of each other
 * @param stepped   examples with a logit that differs by more than float rounding: a hidden value stood within rounding
 *                  of a threshold, and the two networks, which sum in different orders, gave it neighbouring codes
 * @param accuracy  accuracy of the packed model, 0 to 1
 */
record Agreement(int examples, int different, int ties, int stepped, double accuracy) {
    /** Relative to the larger logit; sums of a few hundred float32 products agree to about this. */
    private static final double ROUNDING = 1e-5;

    /**
     * Runs the packed model over examples.
     *
     * @param logits the network's logits {@code [examples, classes]}
     */
    static Agreement of(PackedModel model, Examples examples, float[] logits) {
        int classes = model.outputs();
        Session session = model.session();
        float[] input = new float[examples.width()];
        float[] output = new float[classes];
        int different = 0;
        int ties = 0;
        int right = 0;
        int stepped = 0;
        for (int i = 0; i < examples.size(); i++) {
            examples.features(i, input, 0);
            session.run(input, output);
            stepped += steps(logits, i, output) ? 1 : 0;
            int predicted = Evaluation.prediction(output, 0, classes);
            int expected = Evaluation.prediction(logits, i, classes);
            right += predicted == examples.label(i) ? 1 : 0;
            if (predicted != expected) {
                different++;
                ties += tie(logits, i, classes, predicted, expected) ? 1 : 0;
            }
        }
        return new Agreement(examples.size(), different, ties, stepped, (double) right / examples.size());
    }

    private static boolean tie(float[] logits, int example, int classes, int one, int other) {
        return equal(logits[example * classes + one], logits[example * classes + other]);
    }

    private static boolean steps(float[] logits, int example, float[] output) {
        for (int c = 0; c < output.length; c++) {
            if (!equal(output[c], logits[example * output.length + c])) {
                return true;
            }
        }
        return false;
    }

    private static boolean equal(float one, float other) {
        return Math.abs(one - other) <= ROUNDING * Math.max(1, Math.max(Math.abs(one), Math.abs(other)));
    }

    /** These figures as a JSON object. */
    String toJson() {
        return Json.write(this);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT,
                "packed predictions equal the fake-quantized network's on %,d of %,d test examples"
                        + " (%d differ, %d of these ties within float rounding; in %d examples a hidden value"
                        + " within rounding of a threshold took the neighbouring code)",
                examples - different, examples, different, ties, stepped);
    }
}
