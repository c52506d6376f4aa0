package dev.darq.search;

import dev.darq.quantizers.Parameter;
import java.util.List;

/** An optimizer whose next step can be tried without taking it: the virtual step of DARTS (Liu et al. 2019, eq. 6). */
interface LookAhead {
    /** What the optimizer moves. */
    List<Parameter> parameters();

    /**
     * Moves the values as the next step with these gradients would, momentum, adaptive rates and weight decay included,
     * and changes no state of the optimizer.
     *
     * @return for each parameter the derivative of the way moved, {@code w - w'}, by the gradient, value by value; for
     *         plain SGD with momentum that is the learning rate everywhere
     */
    List<float[]> lookAhead(double learningRate);
}
