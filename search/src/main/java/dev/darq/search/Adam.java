package dev.darq.search;

import dev.darq.quantizers.Parameter;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019). Its state is plain arrays, so it
 * can be saved.
 */
final class Adam {
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
        double correction = Math.sqrt(1 - Math.pow(beta2, steps)) / (1 - Math.pow(beta1, steps));
        for (int k = 0; k < parameters.size(); k++) {
            Parameter parameter = parameters.get(k);
            if (parameter.penalty() > 0) {
                float penalty = (float) (2 * parameter.penalty());
                for (int i = 0; i < parameter.value().length; i++) {
                    parameter.gradient()[i] += penalty * parameter.value()[i];
                }
            }
            double rate = learningRate * parameter.rateScale();
            update(parameter, first[k], second[k], (float) (rate * correction),
                    1 - (float) (learningRate * weightDecay));
            parameter.clearGradient();
        }
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
