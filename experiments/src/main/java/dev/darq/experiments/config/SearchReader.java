package dev.darq.experiments.config;

import dev.darq.search.Budget;
import dev.darq.search.CostModel;
import dev.darq.search.EarlyStopping;
import dev.darq.search.ErrorTerm;
import dev.darq.search.GumbelSoftmax;
import dev.darq.search.Order;
import dev.darq.search.Relaxation;
import dev.darq.search.RelaxationSettings;
import dev.darq.search.RelaxationSettings.EntropyPenalty;
import dev.darq.search.RelaxationSettings.Temperature;
import dev.darq.search.SearchSettings;
import dev.darq.search.Softmax;
import dev.darq.search.Weighting;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the section {@code search} may say. */
final class SearchReader {
    private static final double LARGEST_MULTIPLIER = 1e6;
    private static final double LARGEST_TEMPERATURE = 1000;
    private static final List<Relaxation> RELAXATIONS = List.of(new Softmax(), new GumbelSoftmax(false),
            new GumbelSoftmax(true));
    private static final Map<String, Weighting> WEIGHTINGS = Value.named(Weighting.values(), Weighting::label);

    private SearchReader() {}

    static SearchSettings read(Value value) {
        Value search = value.section("warmup-epochs", "epochs", "order", "alpha-learning-rate", "relaxation", "cost",
                "error", "early-stopping");
        return new SearchSettings(search.get("warmup-epochs").or(2, ConfigReader::epochs),
                search.get("epochs").or(8, ConfigReader::epochs),
                search.get("order").or(Order.FIRST,
                        v -> v.oneOf("order", Value.named(Order.values(), Order::label))),
                search.get("alpha-learning-rate").or(0.01, v -> v.positive(ConfigReader.LARGEST_RATE)),
                relaxation(search.get("relaxation")), //
                costs(search.get("cost")), //
                error(search.get("error")), //
                search.get("early-stopping").orNull(SearchReader::earlyStopping));
    }

    private static RelaxationSettings relaxation(Value value) {
        Value relaxation = value.section("type", "temperature", "entropy");
        Value entropy = relaxation.get("entropy").section("weight", "start");
        return new RelaxationSettings(
                relaxation.get("type").or(RELAXATIONS.getFirst(),
                        v -> v.oneOf("relaxation", Value.named(RELAXATIONS, Relaxation::label))),
                temperature(relaxation.get("temperature")),
                new EntropyPenalty(entropy.get("weight").or(EntropyPenalty.NONE.weight(), SearchReader::multiplier),
                        entropy.get("start").or(EntropyPenalty.NONE.start(), v -> v.notNegative(0.99))));
    }

    private static Temperature temperature(Value value) {
        Value temperature = value.section("start", "end");
        double start = temperature.get("start").or(1.0, v -> v.positive(LARGEST_TEMPERATURE));
        double end = temperature.get("end").or(Math.min(0.1, start), v -> v.positive(LARGEST_TEMPERATURE));
        if (end > start) {
            throw temperature.get("end").error("must be at most the start, " + start + ", got " + end);
        }
        return new Temperature(start, end);
    }

    private static List<Budget> costs(Value value) {
        if (!value.isList()) {
            return List.of(cost(value.required()));
        }
        List<Budget> costs = value.list(SearchReader::cost);
        if (costs.isEmpty()) {
            throw value.error("must have at least one cost");
        }
        if (costs.stream().map(Budget::model).distinct().count() < costs.size()) {
            throw value.error("must have each cost model only once");
        }
        return costs;
    }

    private static Budget cost(Value value) {
        Value cost = value.section("model", "target", "lambda", "weighting");
        CostModel model = cost.get("model").or(CostModel.BIT_OPERATIONS,
                v -> v.oneOf("cost model", Value.named(CostModel.values(), CostModel::label)));
        Double target = cost.get("target").orNull(v -> v.positive(1));
        Double lambda = cost.get("lambda").orNull(SearchReader::multiplier);
        if (cost.get("weighting").isAbsent()) {
            if ((target == null) == (lambda == null)) {
                throw cost.error("needs either a 'target' (a fraction of the float32 network's cost) or a fixed "
                        + "'lambda'");
            }
            return new Budget(model, target, lambda);
        }
        Weighting weighting = weighting(cost.get("weighting"), "lambda", target, lambda);
        if (target != null && weighting == Weighting.FIXED) {
            throw cost.get("target").error("does not go with a fixed lambda");
        }
        return new Budget(model, target, lambda, weighting);
    }

    private static ErrorTerm error(Value value) {
        Value error = value.section("weight", "target", "weighting");
        Double target = error.get("target").orNull(v -> v.positive(LARGEST_MULTIPLIER));
        Double weight = error.get("weight").orNull(SearchReader::multiplier);
        Value written = error.get("weighting");
        if (written.isAbsent()) {
            if (target != null && weight != null) {
                throw error.error("needs either a fixed 'weight' or a 'target', not both");
            }
            return target == null
                    ? ErrorTerm.fixed(weight == null ? 0.1 : weight)
                    : new ErrorTerm(Weighting.DUAL_ASCENT, target, null);
        }
        Weighting weighting = weighting(written, "weight", target, weight);
        if (target != null && weighting != Weighting.DUAL_ASCENT) {
            throw error.get("target").error("does not go with weighting " + weighting.label());
        }
        return new ErrorTerm(weighting, target, weight);
    }

    /** A weighting that has what it needs. */
    private static Weighting weighting(Value value, String multiplier, @Nullable Double target,
            @Nullable Double lambda) {
        if (value.text().equals("descent")) {
            throw value.error("plain gradient descent on lambda is ill-posed: the loss's derivative by lambda is the "
                    + "term itself, which is positive, so lambda runs to 0 and the term is ignored; use one of "
                    + WEIGHTINGS.keySet());
        }
        Weighting weighting = value.oneOf("weighting", WEIGHTINGS);
        if (weighting == Weighting.DUAL_ASCENT && target == null) {
            throw value.error("dual-ascent needs a 'target'");
        }
        if ((weighting == Weighting.FIXED) != (lambda != null)) {
            throw value.error(weighting == Weighting.FIXED
                    ? "fixed needs a '" + multiplier + "'"
                    : weighting.label() + " learns the multiplier, leave '" + multiplier + "' out");
        }
        return weighting;
    }

    private static double multiplier(Value value) {
        return value.notNegative(LARGEST_MULTIPLIER);
    }

    private static EarlyStopping earlyStopping(Value value) {
        Value curvature = value.section("curvature").get("curvature").required().section("every", "factor", "window");
        Value factor = curvature.get("factor");
        EarlyStopping settings = new EarlyStopping(curvature.get("every").or(1, v -> v.whole(1, 10_000)),
                factor.or(1.3, v -> v.positive(1e6)), curvature.get("window").or(3, v -> v.whole(1, 10_000)));
        if (settings.factor() <= 1) {
            throw factor.error("must be > 1, got " + factor.text());
        }
        return settings;
    }
}
