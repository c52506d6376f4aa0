package dev.darq.search;

import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.State;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019). Its state is plain arrays, so it
 * can be saved.
 */
final class Adam implements LookAhead, State.Holder {
    private static final float EPSILON = 1e-8f;

    private final List<Parameter> parameters;
    private final float beta1;
    private final float beta2;
    private final float weightDecay;
    private final float[][] first;
    private final float[][] second;
    private int steps;

    Adam(List<Parameter> parameters, double beta1, double beta2, double weightDecay) {
        this.parameters = List.copyOf(parameters);
        this.beta1 = (float) beta1;
        this.beta2 = (float) beta2;
        this.weightDecay = (float) weightDecay;
        first = parameters.stream().map(p -> new float[p.value().length]).toArray(float[][]::new);
        second = parameters.stream().map(p -> new float[p.value().length]).toArray(float[][]::new);
    }

    /** Moves every parameter against its gradient, and clears the gradients. */
    void step(double learningRate) {
        steps++;
        for (int k = 0; k < parameters.size(); k++) {
            Parameter parameter = parameters.get(k);
            addPenalty(parameter);
            update(parameter, first[k], second[k], rate(parameter, learningRate, steps), decay(learningRate));
            parameter.clearGradient();
        }
    }

    /** Moments and the number of steps; the parameters belong to the network. */
    @Override
    public void save(State state) {
        state.put("steps", (long) steps);
        for (int k = 0; k < first.length; k++) {
            state.put("first" + k, first[k]);
            state.put("second" + k, second[k]);
        }
    }

    @Override
    public void restore(State state) {
        steps = Math.toIntExact(state.integer("steps"));
        for (int k = 0; k < first.length; k++) {
            state.take("first" + k, first[k]);
            state.take("second" + k, second[k]);
        }
    }

    private static void addPenalty(Parameter parameter) {
        if (parameter.penalty() > 0) {
            float penalty = (float) (2 * parameter.penalty());
            for (int i = 0; i < parameter.value().length; i++) {
                parameter.gradient()[i] += penalty * parameter.value()[i];
            }
        }
    }

    private float rate(Parameter parameter, double learningRate, int step) {
        double correction = Math.sqrt(1 - Math.pow(beta2, step)) / (1 - Math.pow(beta1, step));
        double rate = learningRate * parameter.rateScale();
        return (float) (rate * correction);
    }

    private float decay(double learningRate) {
        return 1 - (float) (learningRate * weightDecay);
    }

    @Override
    public List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public List<float[]> lookAhead(double learningRate) {
        List<float[]> slopes = new ArrayList<>();
        for (int k = 0; k < parameters.size(); k++) {
            Parameter parameter = parameters.get(k);
            addPenalty(parameter);
            float rate = rate(parameter, learningRate, steps + 1);
            slopes.add(slopes(parameter.gradient(), first[k], second[k], rate));
            update(parameter, first[k].clone(), second[k].clone(), rate, decay(learningRate));
        }
        return slopes;
    }

    /**
     * Derivative of {@code rate m / (sqrt(v) + epsilon)} by the gradient, of which both moments take a part. A gradient
     * of exactly 0 is that of a weight without an input in this batch: nothing about it depends on the architecture, and
     * with moments of 0 the formula would divide by epsilon.
     */
    private float[] slopes(float[] gradient, float[] m, float[] v, float rate) {
        float[] slopes = new float[gradient.length];
        for (int i = 0; i < slopes.length; i++) {
            double g = gradient[i];
            if (g != 0) {
                double newFirst = beta1 * m[i] + (1 - beta1) * g;
                double root = Math.sqrt(beta2 * v[i] + (1 - beta2) * g * g);
                double bottom = root + EPSILON;
                slopes[i] = (float) (rate
                        * ((1 - beta1) / bottom - newFirst * (1 - beta2) * g / (root * bottom * bottom)));
            }
        }
        return slopes;
    }

    private void update(Parameter parameter, float[] m, float[] v, float rate, float decay) {
        float[] value = parameter.value();
        float[] gradient = parameter.gradient();
        float keep1 = beta1;
        float keep2 = beta2;
        float take1 = 1 - beta1;
        float take2 = 1 - beta2;
        for (int i = 0; i < value.length; i++) {
            float g = gradient[i];
            m[i] = keep1 * m[i] + take1 * g;
            v[i] = keep2 * v[i] + take2 * g * g;
            value[i] = decay * value[i] - rate * m[i] / ((float) Math.sqrt(v[i]) + EPSILON);
        }
    }
}
