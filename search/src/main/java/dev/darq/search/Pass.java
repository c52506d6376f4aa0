package dev.darq.search;

/**
 * How a network is run once.
 *
 * @param quantization what stands for each quantized tensor
 * @param gradients    which gradients are wanted
 */
record Pass(Quantization quantization, Gradients gradients) {
    /** What stands for a quantized tensor. */
    enum Quantization {
        /** The float32 values themselves. */
        NONE,
        /** The mixture of all candidates. */
        SOFT,
        /** The most probable candidate alone. */
        HARD
    }

    /** Which gradients a pass computes. */
    enum Gradients {
        /** None: evaluation. */
        NONE,
        /** Of weights, biases and quantizer parameters: the inner step, and ordinary training. */
        WEIGHTS,
        /** Of the architecture parameters: the outer step. */
        ARCHITECTURE
    }

    static final Pass TRAIN_FLOAT = new Pass(Quantization.NONE, Gradients.WEIGHTS);
    static final Pass INNER = new Pass(Quantization.SOFT, Gradients.WEIGHTS);
    static final Pass OUTER = new Pass(Quantization.SOFT, Gradients.ARCHITECTURE);
    static final Pass EVALUATE_FLOAT = new Pass(Quantization.NONE, Gradients.NONE);
    static final Pass EVALUATE_SOFT = new Pass(Quantization.SOFT, Gradients.NONE);
    static final Pass EVALUATE_HARD = new Pass(Quantization.HARD, Gradients.NONE);
}
