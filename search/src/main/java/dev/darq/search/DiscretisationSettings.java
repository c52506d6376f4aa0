package dev.darq.search;

/**
 * How probabilities become one candidate for every tensor.
 *
 * @param method        how the scheme is chosen
 * @param perturbations whether the validation loss that each candidate alone causes is measured and counts
 * @param steps         training steps that a network has, before each measurement, to get used to the candidate
 * @param weight        what an increase of the loss by 1 nat counts against a log-probability of 1
 * @param alphas        what the search leaves to fine-tuning beside the scheme
 */
public record DiscretisationSettings(Method method, boolean perturbations, int steps, double weight, Alphas alphas) {
    /** The best scheme within the budgets by probabilities alone; fine-tuning goes on from the search's weights. */
    public static final DiscretisationSettings DEFAULT = new DiscretisationSettings(Method.EXACT, false, 0, 10,
            Alphas.FROZEN);

    /** How the scheme is chosen. */
    public enum Method {
        /** The best candidate of each tensor, whatever the budgets; a budget that is missed is reported. */
        ARGMAX,
        /** The best scheme that meets the budgets. */
        EXACT
    }

    /** Where fine-tuning starts. */
    public enum Alphas {
        /** At the weights and scales that the search left, its choice frozen. */
        FROZEN,
        /**
         * At the weights before the search, the alphas forgotten but for the choice: the scheme is trained as if it had
         * been given (DARTS retrains what it found in the same way).
         */
        RESET
    }
}
