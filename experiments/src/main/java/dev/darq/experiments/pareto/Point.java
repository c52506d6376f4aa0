package dev.darq.experiments.pareto;

import dev.darq.search.MixedPrecision;
import org.jspecify.annotations.Nullable;

/**
 * One trained scheme in the comparison.
 *
 * @param seed          of the training
 * @param method        how the scheme was chosen
 * @param subspace      0 for the whole search space, else the number of the subspace that was searched
 * @param budget        what the method had to keep, a fraction of the float32 network's cost; null where it had none
 * @param scheme        the scheme
 * @param accuracy      on the test set, 0 to 1
 * @param loss          mean cross-entropy on the test set, in nats
 * @param cost          under the model of the budgets, a fraction of the float32 network's
 * @param bitOperations of one inference
 * @param bytes         of the weights
 * @param gap           of a searched scheme: accuracy of the mixtures less that of the settled scheme before fine-tuning
 */
record Point(long seed, Method method, int subspace, @Nullable Double budget, MixedPrecision scheme, double accuracy,
        double loss, double cost, double bitOperations, double bytes, @Nullable Double gap) {
    /** What the point belongs to: means and deviations over seeds are taken within. */
    record Key(Method method, int subspace, @Nullable Double budget, @Nullable MixedPrecision scheme) {
        String label() {
            return method.label() + (subspace > 0 ? " (subspace " + subspace + ")" : "")
                    + (method == Method.UNIFORM && scheme != null ? " " + pair(scheme) : "");
        }

        private static String pair(MixedPrecision scheme) {
            return new MixedPrecision(scheme.layers().subList(0, 1)).toString();
        }
    }

    Key key() {
        return new Key(method, subspace, budget, method.isByScheme() ? scheme : null);
    }
}
