package dev.darq.search;

/**
 * How a network is run once.
 *
 * @param quantization what stands for each quantized tensor
 * @param gradients    which gradients are wanted
 * @param following    whether the quantizers' running statistics follow the data, as in training
 */
record Pass(Quantization quantization, Gradients gradients, boolean following) {
    /** What stands for a quantized tensor. */
    enum Quantization {
        /** The float32 values themselves. */
        NONE,
        /** The mixture of all candidates by their probabilities. */
        SOFT,
        /** The mixture that the relaxation makes of this step's sample. */
        SAMPLED,
        /** The most probable candidate alone. */
        HARD
    }

    /** Which gradients a pass computes. */
    enum Gradients {
        /** None: evaluation. */
        NONE(false, false),
        /** Of weights, biases and quantizer parameters: the inner step, and ordinary training. */
        WEIGHTS(true, false),
        /** Of the architecture parameters: the outer step. */
        ARCHITECTURE(false, true),
        /** Of everything. */
        BOTH(true, true);

        private final boolean weights;
        private final boolean architecture;

        Gradients(boolean weights, boolean architecture) {
            this.weights = weights;
            this.architecture = architecture;
        }

        boolean ofWeights() {
            return weights;
        }

        boolean ofArchitecture() {
            return architecture;
        }
    }

    static final Pass TRAIN_FLOAT = new Pass(Quantization.NONE, Gradients.WEIGHTS, false);
    static final Pass INNER = new Pass(Quantization.SAMPLED, Gradients.WEIGHTS, true);
    static final Pass OUTER = new Pass(Quantization.SAMPLED, Gradients.ARCHITECTURE, false);
    /** One pass for weights and architecture alike. */
    static final Pass SINGLE_LEVEL = new Pass(Quantization.SAMPLED, Gradients.BOTH, true);
    /** The training loss at weights that are only tried. */
    static final Pass VIRTUAL_INNER = new Pass(Quantization.SAMPLED, Gradients.WEIGHTS, false);
    /** The validation loss at weights that are only tried. */
    static final Pass VIRTUAL_OUTER = new Pass(Quantization.SAMPLED, Gradients.BOTH, false);
    /** The gradient by the architecture parameters without chance. */
    static final Pass CURVATURE = new Pass(Quantization.SOFT, Gradients.ARCHITECTURE, false);
    static final Pass EVALUATE_FLOAT = new Pass(Quantization.NONE, Gradients.NONE, false);
    static final Pass EVALUATE_SOFT = new Pass(Quantization.SOFT, Gradients.NONE, false);
    static final Pass EVALUATE_HARD = new Pass(Quantization.HARD, Gradients.NONE, false);

    boolean isSampled() {
        return quantization == Quantization.SAMPLED;
    }
}
