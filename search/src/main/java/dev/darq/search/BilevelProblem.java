package dev.darq.search;

import dev.darq.quantizers.Parameter;
import java.util.List;

/**
 * A bilevel problem {@code min_alpha L_val(w*(alpha), alpha), w*(alpha) = argmin_w L_tr(w, alpha)}: two losses of the
 * present values of the same parameters. Every method adds to the gradients of what its name says and to no others, and
 * returns the loss.
 */
interface BilevelProblem {
    /** The architecture parameters. */
    List<Parameter> alphas();

    /** Training loss, with its gradient by the weights. */
    double innerByWeights();

    /** Training loss, with its gradient by the architecture parameters. */
    double innerByAlphas();

    /** Validation loss, with its gradient by weights and architecture parameters. */
    double outerByBoth();
}
