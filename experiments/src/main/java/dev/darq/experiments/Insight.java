package dev.darq.experiments;

import dev.darq.experiments.report.Numbers;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.Allocation;
import dev.darq.search.CostModel;
import dev.darq.search.DiscretisationSettings;
import dev.darq.search.LayerSensitivity;
import dev.darq.search.LayerSpace;
import dev.darq.search.WeightBytes;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What a search found, in a paragraph: what was saved where, which layers kept their bits and why, and how far the
 * discrete network is from the mixture.
 *
 * @param allocation    the scheme
 * @param spaces        what each layer could choose from, and with which others
 * @param sensitivities of every layer, in the order of the network
 * @param gap           between mixture and discrete network
 * @param quantizers    options of the quantizers, which bytes depend on
 * @param alphas        from which weights the discrete network was trained
 */
record Insight(Allocation allocation, List<LayerSpace> spaces, List<LayerSensitivity> sensitivities,
        DiscretisationGap gap, QuantizerSettings quantizers, DiscretisationSettings.Alphas alphas) {
    private static final Candidate UNIFORM8 = Candidate.parse("uniform8");
    private static final int NAMED = 3;

    Insight {
        spaces = List.copyOf(spaces);
        sensitivities = List.copyOf(sensitivities);
    }

    /** The paragraph, one line. */
    String toText() {
        return saved() + " " + where() + " " + bits() + " " + discrete();
    }

    private static double pairBits(Allocation.Layer layer) {
        return layer.weights().bits() * (double) layer.activations().bits();
    }

    private static double of(Allocation.Layer layer, CostModel model, Candidate candidate) {
        return model.cost(layer.shape(), candidate, candidate);
    }

    private CostModel bytes() {
        return new WeightBytes(quantizers);
    }

    private double share(CostModel model, Candidate reference) {
        return allocation.cost(model)
                / allocation.layers().stream().mapToDouble(layer -> of(layer, model, reference)).sum();
    }

    private String saved() {
        return "The scheme needs " + Numbers.percent(share(CostModel.BIT_OPERATIONS, Candidate.FLOAT32), 2)
                + " of the bit operations and " + Numbers.percent(share(bytes(), Candidate.FLOAT32), 2)
                + " of the weight bytes of float32, which is "
                + Numbers.percent(share(CostModel.BIT_OPERATIONS, UNIFORM8), 1) + " and "
                + Numbers.percent(share(bytes(), UNIFORM8), 1) + " of 8 bits everywhere.";
    }

    private String where() {
        return "Of the bit operations that 8 bits everywhere would need beyond this, "
                + shares(CostModel.BIT_OPERATIONS) + "; of the bytes, " + shares(bytes()) + ".";
    }

    /** The layers that save most against 8 bits, with their shares; a layer that needs more takes from that. */
    private String shares(CostModel model) {
        ToDoubleFunction<Allocation.Layer> saving = layer -> of(layer, model, UNIFORM8) - layer.cost(model);
        double total = allocation.layers().stream().mapToDouble(saving).sum();
        if (total <= 0) {
            return "none are saved";
        }
        return allocation.layers().stream().sorted(Comparator.comparingDouble(saving).reversed()).limit(NAMED)
                .map(layer -> Numbers.percent(Math.abs(saving.applyAsDouble(layer)) / total, 1)
                        + (saving.applyAsDouble(layer) < 0 ? " are added by " : " are saved in ") + layer.name())
                .collect(Collectors.joining(", "));
    }

    private String bits() {
        double most = allocation.layers().stream().mapToDouble(Insight::pairBits).max().orElseThrow();
        List<Allocation.Layer> kept = allocation.layers().stream().filter(layer -> pairBits(layer) == most).toList();
        String sensitivity = "Quantized alone to " + sensitivities.getFirst().lowest().weights() + " weights and "
                + sensitivities.getFirst().lowest().activations() + " inputs, the layers raise the validation loss of"
                + " the float32 network by " + sensitivities.stream()
                        .map(layer -> Numbers.fixed(layer.lossRise(), 3) + " (" + layer.layer() + ")")
                        .collect(Collectors.joining(", "))
                + ".";
        if (kept.size() == allocation.layers().size()) {
            return "All layers have equally many bits for a product. " + sensitivity;
        }
        return "Most bits were kept by "
                + kept.stream().map(layer -> layer.name() + " (" + layer.weights() + " weights, " + layer.activations()
                        + " inputs)").collect(Collectors.joining(" and "))
                + ". " + sensitivity + " " + kept.stream().map(this::why).collect(Collectors.joining(" "));
    }

    private String why(Allocation.Layer layer) {
        LayerSpace own = space(layer);
        boolean weightsGiven = own.space().weights().size() == 1;
        boolean activationsGiven = own.space().activations().size() == 1;
        if (weightsGiven && activationsGiven) {
            return "The configuration gave " + layer.name() + " its bits, not the search.";
        }
        String given = weightsGiven || activationsGiven
                ? " The configuration gave " + layer.name() + " those of its " + (weightsGiven ? "weights." : "inputs.")
                : "";
        return decided(layer) + given + together(layer, "weights", LayerSpace::weightsTie)
                + together(layer, "inputs", LayerSpace::activationsTie);
    }

    private LayerSpace space(Allocation.Layer layer) {
        return spaces.get(allocation.layers().indexOf(layer));
    }

    /** The layers that a layer is tied to. */
    private String together(Allocation.Layer layer, String tensor, Function<LayerSpace, String> tie) {
        List<String> others = allocation.layers().stream()
                .filter(other -> !other.name().equals(layer.name())
                        && tie.apply(space(other)).equals(tie.apply(space(layer))))
                .map(Allocation.Layer::name).toList();
        return others.isEmpty()
                ? ""
                : " Its " + tensor + " are tied to those of " + String.join(" and ", others) + ".";
    }

    /** Sensitivity or cost, whichever speaks for the bits that the search gave. */
    private String decided(Allocation.Layer layer) {
        double products = (double) layer.inputs() * layer.outputs()
                / allocation.layers().stream().mapToDouble(other -> (double) other.inputs() * other.outputs()).sum();
        int rank = 1;
        LayerSensitivity own = sensitivities.stream().filter(other -> other.layer().equals(layer.name())).findFirst()
                .orElseThrow();
        for (LayerSensitivity other : sensitivities) {
            rank += other.lossRise() > own.lossRise() ? 1 : 0;
        }
        String share = Numbers.percent(products, 1) + " of all products";
        boolean cheap = products < 1.0 / allocation.layers().size();
        if (rank == 1) {
            return "So " + layer.name() + " is the most sensitive layer" + (cheap
                    ? ", and cheap to keep exact with only " + share + "."
                    : ", worth its " + share + ".");
        }
        String ranked = "By this " + layer.name() + " is only number " + rank + " in sensitivity";
        return cheap
                ? ranked + ", but with " + share + " its bits cost little."
                : ranked + " and has " + share
                        + ": neither explains its bits, so the search decided by something else.";
    }

    private String discrete() {
        String made = alphas == DiscretisationSettings.Alphas.RESET
                ? ", its scheme on the weights before the search "
                : ", the discrete network made of it ";
        String settled = gap.settled().equals(gap.chosen()) ? "" : ", once settled " + against(gap.settled());
        return "On the test set the mixture that was searched reaches " + Numbers.percent(gap.soft(), 2) + made
                + against(gap.chosen()) + settled + ", and after fine-tuning " + against(gap.tuned()) + ".";
    }

    private String against(DiscretisationGap.Stage stage) {
        double points = 100 * (stage.accuracy() - gap.soft());
        return Numbers.percent(stage.accuracy(), 2) + " (" + (points >= 0 ? "+" : "") + Numbers.fixed(points, 2)
                + " points, the same answer for " + Numbers.percent(stage.alike(), 1) + ")";
    }
}
