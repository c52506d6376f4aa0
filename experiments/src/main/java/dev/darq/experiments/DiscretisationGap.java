package dev.darq.experiments;

import dev.darq.search.Evaluation;

/**
 * How far the discrete network is from the mixture that was searched, on the test set.
 *
 * @param soft            accuracy of the mixture, 0 to 1
 * @param discrete        accuracy of the discrete network before it is trained further
 * @param tuned           accuracy of the discrete network after fine-tuning
 * @param discreteAlike   share of examples for which mixture and discrete network say the same, before
 * @param tunedAlike      the same after fine-tuning
 */
record DiscretisationGap(double soft, double discrete, double tuned, double discreteAlike, double tunedAlike) {
    /** From the logits of the three. */
    static DiscretisationGap of(float[] soft, float[] discrete, float[] tuned, ImageExamples test) {
        return new DiscretisationGap(Evaluation.accuracy(soft, test), Evaluation.accuracy(discrete, test),
                Evaluation.accuracy(tuned, test), alike(soft, discrete, test), alike(soft, tuned, test));
    }

    private static double alike(float[] left, float[] right, ImageExamples test) {
        int classes = left.length / test.size();
        int same = 0;
        for (int i = 0; i < test.size(); i++) {
            same += Evaluation.prediction(left, i, classes) == Evaluation.prediction(right, i, classes) ? 1 : 0;
        }
        return (double) same / test.size();
    }
}
