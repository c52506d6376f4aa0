package dev.darq.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the search stands after an epoch.
 *
 * @param epoch          epochs done, from 1
 * @param temperature    temperature of the softmax
 * @param trainingLoss   mean cross-entropy of the inner steps
 * @param validationLoss mean cross-entropy of the outer steps; single-level: the same as that of the inner steps
 * @param softAccuracy   validation accuracy of the mixture, 0 to 1
 * @param hardAccuracy   validation accuracy of the most probable candidates, 0 to 1
 * @param entropy        mean entropy of the choices, in nats
 * @param error          mean relative quantization error of the mixture's candidates
 * @param errorLambda    multiplier of the error
 * @param costs          expected cost of each budget, a fraction of the float32 network's
 * @param lambdas        multiplier of each budget
 * @param layers         the mixtures and expected costs of every layer
 * @param curvature      largest eigenvalue of the architecture's Hessian, if it was measured
 */
public record EpochMetrics(int epoch, double temperature, double trainingLoss, double validationLoss,
        double softAccuracy, double hardAccuracy, double entropy, double error, double errorLambda,
        List<Double> costs, List<Double> lambdas, List<LayerMetrics> layers, @Nullable Double curvature) {
    /** Copies the lists. */
    public EpochMetrics {
        costs = List.copyOf(costs);
        lambdas = List.copyOf(lambdas);
        layers = List.copyOf(layers);
    }
}
