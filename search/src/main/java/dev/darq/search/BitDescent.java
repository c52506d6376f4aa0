package dev.darq.search;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Quantizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Greedy bit descent: all tensors begin at the most bits of the space; again and again the tensor is lowered to its next
 * cheaper width whose measured increase of the loss is least for the cost that it saves. Nothing is trained on the way.
 */
public final class BitDescent {
    private final Network network;
    private final NetworkCost cost;
    private final Examples examples;
    private final List<Stage> path = new ArrayList<>();

    /**
     * A scheme on the way down.
     *
     * @param scheme the scheme
     * @param cost   its cost, a fraction of the float32 network's
     * @param loss   mean cross-entropy of the network with it, not trained further
     */
    public record Stage(MixedPrecision scheme, double cost, double loss) {}

    /** A candidate for one tensor, weights (even index) or activations (odd index) of a layer. */
    private record Move(int tensor, int candidate) {}

    /**
     * Begins at the most bits; of several candidates with as many, at the one with the least loss.
     *
     * @param network  a network with the candidates of the search space, trained in float32 and calibrated
     * @param model    what is saved
     * @param examples what the loss is measured on
     */
    public BitDescent(Network network, CostModel model, Examples examples) {
        this.network = network;
        this.examples = examples;
        cost = new NetworkCost(model, network);
        int[] choice = new int[network.tensors().size()];
        for (int t = 0; t < choice.length; t++) {
            choice[t] = indicesBy(t, candidates(t).stream().mapToInt(Candidate::bits).max().orElseThrow()).getFirst();
        }
        for (int t = 0; t < choice.length; t++) {
            List<Integer> equals = indicesBy(t, candidates(t).get(choice[t]).bits());
            if (equals.size() > 1) {
                int tensor = t;
                choice[t] = equals.stream()
                        .min(Comparator.comparingDouble(j -> loss(with(choice, new Move(tensor, j))))).orElseThrow();
            }
        }
        path.add(stage(choice));
    }

    /**
     * Descends until the budget is met; what was walked before is not walked again.
     *
     * @param target largest cost, a fraction of the float32 network's
     * @throws IllegalStateException when no tensor can be lowered and the budget is not met
     */
    public MixedPrecision within(double target) {
        while (path.getLast().cost > target * (1 + 1e-9)) {
            path.add(step());
        }
        return path.stream().filter(stage -> stage.cost <= target * (1 + 1e-9)).findFirst().orElseThrow().scheme;
    }

    /** The way so far. */
    public List<Stage> path() {
        return List.copyOf(path);
    }

    private Stage step() {
        int[] choice = choice(path.getLast().scheme);
        double before = path.getLast().cost;
        Stage best = null;
        double least = Double.POSITIVE_INFINITY;
        for (Move move : moves(choice)) {
            int[] moved = with(choice, move);
            Stage stage = stage(moved);
            double price = (stage.loss - path.getLast().loss) / (before - stage.cost);
            if (best == null || price < least) {
                best = stage;
                least = price;
            }
        }
        return reached(best);
    }

    private static Stage reached(@Nullable Stage stage) {
        if (stage == null) {
            throw new IllegalStateException("no scheme of the search space is within the budget");
        }
        return stage;
    }

    /** Every tensor to the next lower width that saves anything, with every candidate of that width that does. */
    private List<Move> moves(int[] choice) {
        double before = cost(choice);
        List<Move> moves = new ArrayList<>();
        for (int t = 0; t < choice.length; t++) {
            int tensor = t;
            int bits = candidates(t).get(choice[t]).bits();
            // A layer of few inputs may need more bytes with 8 bits and their basis than with floats.
            candidates(t).stream().map(Candidate::bits).filter(lower -> lower < bits).distinct()
                    .sorted(Comparator.reverseOrder())
                    .map(lower -> indicesBy(tensor, lower).stream().map(candidate -> new Move(tensor, candidate))
                            .filter(move -> cost(with(choice, move)) < before).toList())
                    .filter(saving -> !saving.isEmpty()).findFirst().ifPresent(moves::addAll);
        }
        return moves;
    }

    private List<Candidate> candidates(int tensor) {
        return network.tensors().get(tensor).candidates().stream().map(Quantizer::candidate).toList();
    }

    private List<Integer> indicesBy(int tensor, int bits) {
        List<Integer> indices = new ArrayList<>();
        for (int j = 0; j < candidates(tensor).size(); j++) {
            if (candidates(tensor).get(j).bits() == bits) {
                indices.add(j);
            }
        }
        return indices;
    }

    private static int[] with(int[] choice, Move move) {
        int[] moved = choice.clone();
        moved[move.tensor] = move.candidate;
        return moved;
    }

    private double cost(int[] choice) {
        double total = cost.overhead();
        for (int l = 0; l < network.layers().size(); l++) {
            total += cost.pair(l, choice[2 * l], choice[2 * l + 1]);
        }
        return total;
    }

    private double loss(int[] choice) {
        return Evaluation.loss(Evaluation.logits(network.discrete(scheme(choice).layers()), examples), examples);
    }

    private Stage stage(int[] choice) {
        return new Stage(scheme(choice), cost(choice), loss(choice));
    }

    private MixedPrecision scheme(int[] choice) {
        List<LayerCandidates> layers = new ArrayList<>();
        for (int l = 0; l < network.layers().size(); l++) {
            layers.add(new LayerCandidates(candidates(2 * l).get(choice[2 * l]),
                    candidates(2 * l + 1).get(choice[2 * l + 1])));
        }
        return new MixedPrecision(layers);
    }

    private int[] choice(MixedPrecision scheme) {
        int[] choice = new int[network.tensors().size()];
        for (int l = 0; l < network.layers().size(); l++) {
            choice[2 * l] = network.layers().get(l).weights().indexOf(scheme.layers().get(l).weights());
            choice[2 * l + 1] = network.layers().get(l).activations().indexOf(scheme.layers().get(l).activations());
        }
        return choice;
    }
}
