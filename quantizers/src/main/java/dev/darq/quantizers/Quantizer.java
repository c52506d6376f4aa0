package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.WeightCode;
import java.util.List;

/**
 * A fake quantizer: a scheme at a bit width with its parameters, for the weights or the input activations of one linear
 * layer.
 *
 * <p>
 * Forward and backward run over one row of a row-major array at a time (an output channel of the weights, a sample of
 * the activations). The gradients are written out, each beside its formula, instead of being left to a framework's
 * autograd: one sweep over the data replaces a chain of a dozen elementwise passes, and what is differentiated is what
 * the paper says.
 */
public abstract sealed class Quantizer
        permits LsqPlusQuantizer, PactQuantizer, UniformQuantizer, LqQuantizer, FloatQuantizer {
    private final Candidate candidate;
    private final Role role;

    Quantizer(Candidate candidate, Role role) {
        this.candidate = candidate;
        this.role = role;
    }

    /**
     * Creates an uninitialised quantizer.
     *
     * @param candidate scheme and bits
     * @param role      what it quantizes
     * @param rows      number of output channels; ignored for activations
     * @param settings  options of the schemes
     */
    public static Quantizer create(Candidate candidate, Role role, int rows, QuantizerSettings settings) {
        return switch (candidate.scheme()) {
            case LSQ_PLUS -> new LsqPlusQuantizer(candidate, role);
            case PACT -> new PactQuantizer(candidate, role);
            case UNIFORM -> new UniformQuantizer(candidate, role, rows);
            case LQ -> new LqQuantizer(candidate, role, rows, settings);
            case FLOAT -> new FloatQuantizer(candidate, role);
        };
    }

    /** Scheme and bits. */
    public final Candidate candidate() {
        return candidate;
    }

    /** What is quantized. */
    public final Role role() {
        return role;
    }

    /** What was decided from data, for the allocation table: for example {@code unsigned}; empty when nothing was. */
    public String variant() {
        return "";
    }

    /**
     * Sets the parameters from data.
     *
     * @param data    row-major {@code [rows, columns]}: the weights, or calibration activations
     * @param rows    number of rows, at least 1
     * @param columns number of columns, at least 1
     */
    public abstract void initialize(float[] data, int rows, int columns);

    /**
     * Follows data without gradients, before a forward pass: scales that are functions of the data, and in training the
     * running statistics.
     *
     * @param data     row-major {@code [rows, columns]}
     * @param rows     number of rows
     * @param columns  number of columns
     * @param training whether running statistics move
     */
    public void observe(float[] data, int rows, int columns, boolean training) {}

    /**
     * Fake-quantizes a row: {@code quantized[from..from+length) = Q(data[from..from+length))}.
     *
     * @param row       index of the output channel; of no meaning for activations
     * @param data      values
     * @param quantized receives the quantized values at the same positions
     */
    public abstract void forward(int row, float[] data, int from, int length, float[] quantized);

    /**
     * Adds the gradients of a row: of the data to {@code dataGradient}, of the learned parameters to theirs.
     *
     * @param row          index of the output channel
     * @param data         the values given to {@link #forward}
     * @param gradient     gradient of the loss by the quantized values
     * @param weight       factor on {@code gradient} (the candidate's probability in a mixture)
     * @param dataGradient receives the straight-through gradient by the data
     */
    public abstract void backward(int row, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient);

    /** Called once after the rows of a tensor went through {@link #backward}: completes the parameters' gradients. */
    public void finishBackward(int rows, int columns) {}

    /** Parameters trained by gradient; empty for schemes that have none. */
    public List<Parameter> parameters() {
        return List.of();
    }

    /** Brings parameters back to where they are defined (scales positive) after an optimizer step. */
    public void constrain() {}

    /** State that is not trained by gradient but belongs to the quantizer (scales, bases), for checkpoints. */
    public float[] statistics() {
        return new float[0];
    }

    /**
     * Freezes a weight matrix to the code the kernels run.
     *
     * @param weights row-major {@code [rows, columns]}
     */
    public abstract WeightCode freezeWeights(float[] weights, int rows, int columns);

    /** Freezes the activations' encoder to the one the kernels run. */
    public abstract ActivationCode freezeActivations();
}
