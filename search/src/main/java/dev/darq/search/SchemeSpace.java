package dev.darq.search;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** All mixed-precision schemes that a search space leaves a network: in every layer one of the same pairs. */
public final class SchemeSpace {
    private final NetworkSpec network;
    private final List<LayerCandidates> pairs = new ArrayList<>();

    /** The schemes of a network whose layers may all choose from the same space. */
    public SchemeSpace(NetworkSpec network, SearchSpace space) {
        this.network = network;
        space.weights().forEach(weights -> space.activations()
                .forEach(activations -> pairs.add(new LayerCandidates(weights, activations))));
    }

    int layers() {
        return network.shapes().size();
    }

    /** Number of schemes. */
    public BigInteger size() {
        return BigInteger.valueOf(pairs.size()).pow(layers());
    }

    /** Number of pairs that a layer may have. */
    int pairs() {
        return pairs.size();
    }

    /** Cost of every pair in every layer, {@code [layers][pairs]}, fractions of the network's cost in float32. */
    double[][] costs(CostModel model) {
        double reference = SchemeProblem.reference(model, network.shapes());
        double[][] costs = new double[layers()][pairs.size()];
        for (int l = 0; l < layers(); l++) {
            for (int p = 0; p < pairs.size(); p++) {
                costs[l][p] = model.cost(network.shapes().get(l), pairs.get(p).weights(), pairs.get(p).activations())
                        / reference;
            }
        }
        return costs;
    }

    /** What every scheme costs beside its layers, a fraction of the network's cost in float32. */
    double overhead(CostModel model) {
        return model.overhead() / SchemeProblem.reference(model, network.shapes());
    }

    /** The least cost that a scheme has, a fraction of the network's cost in float32. */
    public double cheapest(CostModel model) {
        return overhead(model)
                + Arrays.stream(costs(model)).mapToDouble(pair -> Arrays.stream(pair).min().orElseThrow()).sum();
    }

    /** The scheme with these pairs, an index a layer. */
    MixedPrecision scheme(int[] choice) {
        List<LayerCandidates> layers = new ArrayList<>();
        for (int pair : choice) {
            layers.add(pairs.get(pair));
        }
        return new MixedPrecision(layers);
    }

    /** Every scheme whose layers are all alike, in the order of the space: weights first. */
    public List<MixedPrecision> uniform() {
        return pairs.stream().map(pair -> MixedPrecision.uniform(pair, layers())).toList();
    }

    /**
     * Every scheme, the first layer's pair changing slowest.
     *
     * @param limit the most that shall be listed
     * @throws IllegalArgumentException when there are more; the message gives their number
     */
    public List<MixedPrecision> all(int limit) {
        if (size().compareTo(BigInteger.valueOf(limit)) > 0) {
            throw new IllegalArgumentException(String.format(Locale.ROOT,
                    "the space has %,d schemes, too many to train them all (at most %,d)", size(), limit));
        }
        List<MixedPrecision> all = new ArrayList<>();
        int[] choice = new int[layers()];
        for (int code = 0; code < size().intValueExact(); code++) {
            int rest = code;
            for (int l = layers() - 1; l >= 0; l--) {
                choice[l] = rest % pairs.size();
                rest /= pairs.size();
            }
            all.add(scheme(choice));
        }
        return all;
    }
}
