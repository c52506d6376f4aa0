package dev.darq.quantizers;

import java.util.Arrays;

/**
 * A trainable array and the gradient that accumulates beside it.
 *
 * <p>
 * Masters live on the Java heap: a training step uploads what libtorch needs and nothing of it outlives the step, so
 * memory stays flat and a checkpoint is a plain copy.
 */
public final class Parameter implements State.Holder {
    private final String name;
    private final float[] value;
    private final float[] gradient;
    private final double penalty;
    private float[] start = new float[0];
    private float rateScale = 1;

    /** A parameter of this many values, zero at first, without a penalty. */
    public Parameter(String name, int size) {
        this(name, size, 0);
    }

    /**
     * A parameter with an L2 penalty.
     *
     * @param name    unique in its network
     * @param size    number of values
     * @param penalty factor of the squared norm added to the loss
     */
    public Parameter(String name, int size, double penalty) {
        this.name = name;
        this.value = new float[size];
        this.gradient = new float[size];
        this.penalty = penalty;
    }

    /** The parameter's name, unique in its network. */
    public String name() {
        return name;
    }

    /** The live values. */
    public float[] value() {
        return value;
    }

    /** The live gradient; steps add to it and the optimizer clears it. */
    public float[] gradient() {
        return gradient;
    }

    /** Factor of the squared norm added to the loss (the L2 penalty on PACT's clipping value). */
    public double penalty() {
        return penalty;
    }

    /**
     * Factor on the learning rate. Adam moves every value by about the learning rate, whatever its size: a step size of
     * 0.01 needs a rate a hundred times smaller than one of 1, so scales carry their initial magnitude here.
     */
    public float rateScale() {
        return rateScale;
    }

    /** Sets the factor on the learning rate, a positive number. */
    public void rateScale(float scale) {
        rateScale = scale;
    }

    /** Remembers the present values, all positive, as the start; the rate goes by their mean. */
    void start() {
        start = value.clone();
        double sum = 0;
        for (float positive : value) {
            sum += positive;
        }
        rateScale = (float) (sum / value.length);
    }

    /** A scale that crosses zero would flip the order of the codes: keeps a tenth of a percent of the start. */
    void keepPositive() {
        for (int i = 0; i < start.length; i++) {
            value[i] = Math.max(value[i], start[i] * 1e-3f);
        }
    }

    /** Everything but the gradient, which is clear between steps. */
    @Override
    public void save(State state) {
        state.put("value", value);
        state.put("start", start);
        state.put("rate", new float[] {rateScale});
    }

    @Override
    public void restore(State state) {
        state.take("value", value);
        start = state.floats("start");
        float[] rate = new float[1];
        state.take("rate", rate);
        rateScale = rate[0];
    }

    /** Clears the gradient. */
    public void clearGradient() {
        Arrays.fill(gradient, 0);
    }
}
