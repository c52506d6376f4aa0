package dev.darq.search;

import dev.darq.quantizers.State;
import java.util.ArrayList;
import java.util.List;

/**
 * What the outer objective has beside the cross-entropy:
 * {@code sum_k lambda_k cost_k + lambda_err err + weight * entropy}, all of them functions of the probabilities, and the
 * multipliers, which are learned.
 *
 * <p>
 * Uncertainty weighting weighs the cross-entropy too, as one of its tasks. The whole objective is then divided by that
 * weight, which Adam does not notice, so that the cross-entropy keeps the weight 1 and multipliers of all kinds compare.
 */
final class OuterObjective implements State.Holder {
    private final Network network;
    private final RelaxationSettings.EntropyPenalty entropyPenalty;
    private final List<NetworkCost> costs = new ArrayList<>();
    private final List<Multiplier> multipliers = new ArrayList<>();
    private final Multiplier errorMultiplier;
    private final Multiplier crossEntropyWeight = new UncertaintyWeight();

    OuterObjective(Network network, SearchSettings settings) {
        this.network = network;
        entropyPenalty = settings.relaxation().entropy();
        for (Budget budget : settings.costs()) {
            costs.add(new NetworkCost(budget.model(), network));
            multipliers.add(budget.multiplier());
        }
        errorMultiplier = settings.error().multiplier();
    }

    /**
     * Adds the gradient by the probabilities, after an outer pass, and completes that of the architecture parameters.
     *
     * @param progress fraction of the search that is done
     */
    void addGradients(double progress) {
        int layers = network.layers().size();
        double entropyWeight = entropyPenalty.at(progress);
        double errorWeight = errorLambda();
        for (MixedTensor tensor : network.tensors()) {
            for (int j = 0; j < tensor.errors().length; j++) {
                tensor.probabilityGradient()[j] += errorWeight * tensor.errors()[j] / layers;
            }
        }
        network.choices().forEach(choice -> choice.addEntropyGradient(entropyWeight));
        for (int k = 0; k < costs.size(); k++) {
            costs.get(k).backward(lambda(multipliers.get(k)));
        }
        network.choices().forEach(RelaxedChoice::finishGradient);
    }

    /**
     * After a step of the architecture parameters.
     *
     * @param crossEntropy loss of the outer pass of the step
     * @param error        {@link #error} in that pass
     */
    void updateMultipliers(double crossEntropy, double error) {
        List<Double> expected = costs();
        for (int k = 0; k < expected.size(); k++) {
            multipliers.get(k).update(expected.get(k));
        }
        errorMultiplier.update(error);
        crossEntropyWeight.update(crossEntropy);
    }

    private double lambda(Multiplier multiplier) {
        double scale = multiplier instanceof UncertaintyWeight ? crossEntropyWeight.lambda() : 1;
        // Before the first update nothing is known.
        return scale == 0 ? 0 : multiplier.lambda() / scale;
    }

    /** {@code err}: mean over layers of the expected relative error of weights and of activations. */
    double error() {
        double total = 0;
        for (MixedTensor tensor : network.tensors()) {
            double[] p = tensor.probabilities();
            for (int j = 0; j < p.length; j++) {
                total += p[j] * tensor.errors()[j] / network.layers().size();
            }
        }
        return total;
    }

    /** Mixtures and expected costs of every layer. */
    List<LayerMetrics> layers() {
        return LayerMetrics.of(network, costs);
    }

    /** Expected cost of each budget, a fraction of the float32 network's. */
    List<Double> costs() {
        return costs.stream().map(NetworkCost::expected).toList();
    }

    /** The multiplier of each budget. */
    List<Double> lambdas() {
        return multipliers.stream().map(this::lambda).toList();
    }

    /** The multiplier of each budget, then that of the error. */
    List<Double> allLambdas() {
        List<Double> all = new ArrayList<>(lambdas());
        all.add(errorLambda());
        return all;
    }

    double errorLambda() {
        return lambda(errorMultiplier);
    }

    /** Mean entropy of the choices, in nats. */
    double entropy() {
        return network.choices().stream().mapToDouble(RelaxedChoice::entropy).average().orElse(0);
    }

    /** The multipliers. */
    @Override
    public void save(State state) {
        for (int k = 0; k < multipliers.size(); k++) {
            multipliers.get(k).save(state.under("cost" + k));
        }
        errorMultiplier.save(state.under("error"));
        crossEntropyWeight.save(state.under("cross-entropy"));
    }

    @Override
    public void restore(State state) {
        for (int k = 0; k < multipliers.size(); k++) {
            multipliers.get(k).restore(state.under("cost" + k));
        }
        errorMultiplier.restore(state.under("error"));
        crossEntropyWeight.restore(state.under("cross-entropy"));
    }
}
