package dev.darq.benchmarks;

import dev.darq.kernels.ActivationCode;
import java.util.List;

/**
 * What a contender computes: which weights, and how it rounds the input of each layer.
 *
 * @param weights of each layer the weights that its codes stand for, {@code [outputs, inputs]}
 * @param rounding the rounding of the inputs
 */
record Arithmetic(List<float[]> weights, InputRounding rounding) {
    /** How the input of a layer is rounded. */
    sealed interface InputRounding {
        /** The bound of the result's error, in words. */
        String bound();
    }

    /** Not at all. */
    record Unrounded() implements InputRounding {
        @Override
        public String bound() {
            return "1e-5 of the sum of |w x|";
        }
    }

    /**
     * To fixed levels, which the reference rounds to as well.
     *
     * @param codes the code of each layer's input
     */
    record Coded(List<? extends ActivationCode> codes) implements InputRounding {
        @Override
        public String bound() {
            return "1e-5 of the sum of |w x|, x as coded (inside a network also: codes that such an error can change)";
        }
    }

    /** To 8 bits with one step for the whole batch, found anew in each call (ONNX DynamicQuantizeLinear). */
    record DynamicInt8() implements InputRounding {
        @Override
        public String bound() {
            return Reference.DEVIATIONS + " |w| step, step = (max - min) / 255 of the inputs, weights as coded";
        }
    }

    /**
     * To 8 bits with a step for each block of each sample, its largest magnitude / 127.
     *
     * @param size inputs of one block
     * @param steps the width of the interval in which a rounding error lies, in steps: 1 for rounding to nearest
     */
    record BlockedInt8(int size, int steps) implements InputRounding {
        @Override
        public String bound() {
            return Reference.DEVIATIONS + " |w step|" + (steps == 1 ? "" : " x " + steps) + ", step = max|x| / 127 of "
                    + size + " inputs, weights as coded";
        }
    }
}
