package dev.darq.experiments;

import dev.darq.search.Evaluation;

/**
 * How far the discrete network is from the mixture that was searched, on the test set.
 *
 * @param soft    accuracy of the mixture when the scheme was chosen, 0 to 1
 * @param chosen  the discrete network at that moment
 * @param settled the discrete network after the epochs that the search left, before fine-tuning
 * @param tuned   the discrete network after fine-tuning
 */
record DiscretisationGap(double soft, Stage chosen, Stage settled, Stage tuned) {
    /**
     * The discrete network at some time.
     *
     * @param accuracy 0 to 1
     * @param alike    share of examples for which it says the same as the mixture
     */
    record Stage(double accuracy, double alike) {
        static Stage of(float[] soft, float[] discrete, ImageExamples test) {
            return new Stage(Evaluation.accuracy(discrete, test), alikeShare(soft, discrete, test));
        }
    }

    /** From the logits of all four. */
    static DiscretisationGap of(float[] soft, float[] chosen, float[] settled, float[] tuned, ImageExamples test) {
        return new DiscretisationGap(Evaluation.accuracy(soft, test), Stage.of(soft, chosen, test),
                Stage.of(soft, settled, test), Stage.of(soft, tuned, test));
    }

    private static double alikeShare(float[] left, float[] right, ImageExamples test) {
        int classes = left.length / test.size();
        int same = 0;
        for (int i = 0; i < test.size(); i++) {
            same += Evaluation.prediction(left, i, classes) == Evaluation.prediction(right, i, classes) ? 1 : 0;
        }
        return (double) same / test.size();
    }
}
