package dev.darq.experiments.config;

import dev.darq.experiments.latency.LatencyFile;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.ActivationBytes;
import dev.darq.search.Budget;
import dev.darq.search.CostModel;
import dev.darq.search.Energy;
import dev.darq.search.Latency;
import dev.darq.search.LatencyTable;
import dev.darq.search.LayerShape;
import dev.darq.search.LayerSpace;
import dev.darq.search.WeightBytes;
import dev.darq.search.Weighting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code search.cost} may say: one cost or a list of them, each with a target or a multiplier. */
final class CostReader {
    static final String LATENCY = "latency";
    private static final List<String> MODELS = List.of("bit-operations", "weight-bytes", "activation-bytes", "energy",
            LATENCY);
    /** Targets in units of their own instead of a fraction of float32. */
    private static final Map<String, String> UNITS = Map.of("weight-bytes", "bytes", "activation-bytes", "bytes",
            "energy", "picojoules", LATENCY, "microseconds");

    private final List<LayerShape> shapes;
    private final List<LayerSpace> spaces;
    private final QuantizerSettings quantizers;

    CostReader(List<LayerShape> shapes, List<LayerSpace> spaces, QuantizerSettings quantizers) {
        this.shapes = shapes;
        this.spaces = spaces;
        this.quantizers = quantizers;
    }

    List<Budget> costs(Value value) {
        List<Budget> costs = items(value).stream().map(this::cost).toList();
        if (costs.stream().map(budget -> budget.model().label()).distinct().count() < costs.size()) {
            throw value.error("must have each cost model only once");
        }
        return costs;
    }

    /** One cost, or the costs of a list. */
    static List<Value> items(Value value) {
        if (!value.isList()) {
            return List.of(section(value.required()));
        }
        List<Value> items = value.list(CostReader::section);
        if (items.isEmpty()) {
            throw value.error("must have at least one cost");
        }
        return items;
    }

    private static Value section(Value cost) {
        return cost.section("model", "target", "bytes", "picojoules", "microseconds", "lambda",
                "weighting", "slack", "table");
    }

    static String label(Value cost) {
        return cost.get("model").or("bit-operations",
                v -> v.oneOf("cost model", Value.named(MODELS, label -> label)));
    }

    private Budget cost(Value cost) {
        String label = label(cost);
        Value slack = cost.get("slack");
        Value given = given(cost, label);
        Double lambda = cost.get("lambda").orNull(SearchReader::multiplier);
        Weighting weighting = weighting(cost, label, given, lambda != null);
        if (given == null && !slack.isAbsent()) {
            throw slack.error("belongs to a target, which this cost has not");
        }
        CostModel model = model(cost, label);
        return new Budget(model, given == null ? null : target(cost, given, model), lambda, weighting,
                slack.or(Budget.DEFAULT_SLACK, v -> v.positive(1)));
    }

    private static Weighting weighting(Value cost, String label, @Nullable Value target, boolean lambda) {
        Value written = cost.get("weighting");
        if (!written.isAbsent()) {
            Weighting weighting = SearchReader.weighting(written, "lambda", target != null, lambda);
            if (target != null && weighting == Weighting.FIXED) {
                throw target.error("does not go with a fixed lambda");
            }
            return weighting;
        }
        if (target == null && !lambda) {
            throw cost.error("needs either a 'target' (a fraction of the float32 network's cost"
                    + (UNITS.containsKey(label) ? ", or '" + UNITS.get(label) + "'" : "") + ") or a fixed 'lambda'");
        }
        if (target != null && lambda) {
            throw cost.error("needs either a 'target' or a fixed 'lambda', not both");
        }
        return target == null ? Weighting.FIXED : Weighting.DUAL_ASCENT;
    }

    /** The target, in whichever unit it is written; null when there is none. */
    private static @Nullable Value given(Value cost, String label) {
        List<Value> given = new ArrayList<>();
        if (!cost.get("target").isAbsent()) {
            given.add(cost.get("target"));
        }
        for (String unit : UNITS.values().stream().distinct().sorted().toList()) {
            Value value = cost.get(unit);
            if (!value.isAbsent()) {
                if (!unit.equals(UNITS.get(label))) {
                    throw value.error("is no unit of " + label);
                }
                given.add(value);
            }
        }
        if (given.size() > 1) {
            throw given.getLast().error("is a second target");
        }
        return given.isEmpty() ? null : given.getFirst();
    }

    private double target(Value cost, Value given, CostModel model) {
        if (!cost.get("target").isAbsent()) {
            return given.positive(1);
        }
        double reference = model.overhead() + shapes.stream().mapToDouble(model::reference).sum();
        double wanted = given.positive(Double.MAX_VALUE);
        if (wanted > reference) {
            throw given
                    .error(String.format(Locale.ROOT, "must be at most what the float32 network has, %.6g %s, got %s",
                            reference, model.unit(), given.text()));
        }
        return wanted / reference;
    }

    /** The model of a section that names it, with the table of latencies beside it. */
    CostModel model(Value section) {
        return model(section, label(section));
    }

    private CostModel model(Value cost, String label) {
        if (!label.equals(LATENCY) && !cost.get("table").isAbsent()) {
            throw cost.get("table").error("belongs to the cost model latency, not to " + label);
        }
        return switch (label) {
            case "bit-operations" -> CostModel.BIT_OPERATIONS;
            case "weight-bytes" -> new WeightBytes(quantizers);
            case "activation-bytes" -> new ActivationBytes();
            case "energy" -> new Energy();
            default -> latency(cost.get("table"));
        };
    }

    private CostModel latency(Value value) {
        if (shapes.stream().anyMatch(shape -> shape.positions() > 1)) {
            throw value.error("latencies are those of the packed runtime, which has no attention");
        }
        if (value.isAbsent()) {
            throw value.error("is required: the file that 'darq calibrate' wrote");
        }
        Path path = ConfigReader.path(value);
        LatencyFile file;
        try {
            file = LatencyFile.read(path);
        } catch (IOException | IllegalArgumentException e) {
            throw value.error(path + ": " + (e instanceof IOException
                    ? "cannot be read (" + e.getClass().getSimpleName() + "); 'darq calibrate' writes it"
                    : e.getMessage()));
        }
        if (!file.quantizers().equals(quantizers.toString())) {
            throw value
                    .error(path + ": was measured with other settings under 'quantizers'; run 'darq calibrate' again");
        }
        List<LatencyTable.Entry> missing = LatencyTable.needed(shapes, spaces).stream()
                .filter(entry -> !file.table().has(entry)).toList();
        if (!missing.isEmpty()) {
            throw value.error(path + ": lacks " + missing.getFirst()
                    + (missing.size() > 1 ? " and " + (missing.size() - 1) + " more" : "")
                    + "; run 'darq calibrate' again");
        }
        return new Latency(path.toString(), file.table());
    }
}
