package dev.darq.experiments.config;

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

/** What the section {@code search} may say. */
final class SearchReader {
    private static final double LARGEST_TEMPERATURE = 1000;
    private static final List<Relaxation> RELAXATIONS = List.of(new Softmax(), new GumbelSoftmax(false),
            new GumbelSoftmax(true));
    private static final Map<String, Weighting> WEIGHTINGS = Value.named(Weighting.values(), Weighting::label);

    /** One epoch in so many settles. */
    private static final int SETTLING = 4;

    private SearchReader() {}

    static SearchSettings read(Value value, CostReader costs) {
        Value search = value.section("warmup-epochs", "epochs", "settling-epochs", "order", "alpha-learning-rate",
                "relaxation", "cost",
                "error", "early-stopping");
        int epochs = search.get("epochs").or(8, ConfigReader::epochs);
        return new SearchSettings(search.get("warmup-epochs").or(2, ConfigReader::epochs), epochs,
                search.get("settling-epochs").or(epochs / SETTLING, v -> v.whole(0, Math.max(0, epochs - 1))),
                search.get("order").or(Order.FIRST,
                        v -> v.oneOf("order", Value.named(Order.values(), Order::label))),
                search.get("alpha-learning-rate").or(0.01, v -> v.positive(ConfigReader.LARGEST_RATE)),
                relaxation(search.get("relaxation")), //
                costs.costs(search.get("cost")), //
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

    private static ErrorTerm error(Value value) {
        Value error = value.section("weight", "target", "weighting");
        Double target = error.get("target").orNull(v -> v.positive(ConfigReader.LARGEST_MULTIPLIER));
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
        Weighting weighting = weighting(written, "weight", target != null, weight != null);
        if (target != null && weighting != Weighting.DUAL_ASCENT) {
            throw error.get("target").error("does not go with weighting " + weighting.label());
        }
        return new ErrorTerm(weighting, target, weight);
    }

    /**
     * A weighting that has what it needs.
     *
     * @param multiplier the key of a fixed multiplier
     * @param target     whether a target is given
     * @param lambda     whether a fixed multiplier is given
     */
    static Weighting weighting(Value value, String multiplier, boolean target, boolean lambda) {
        if (value.text().equals("descent")) {
            throw value.error("plain gradient descent on lambda is ill-posed: the loss's derivative by lambda is the "
                    + "term itself, which is positive, so lambda runs to 0 and the term is ignored; use one of "
                    + WEIGHTINGS.keySet());
        }
        Weighting weighting = value.oneOf("weighting", WEIGHTINGS);
        if (weighting == Weighting.DUAL_ASCENT && !target) {
            throw value.error("dual-ascent needs a 'target'");
        }
        if ((weighting == Weighting.FIXED) != lambda) {
            throw value.error(weighting == Weighting.FIXED
                    ? "fixed needs a '" + multiplier + "'"
                    : weighting.label() + " learns the multiplier, leave '" + multiplier + "' out");
        }
        return weighting;
    }

    static double multiplier(Value value) {
        return value.notNegative(ConfigReader.LARGEST_MULTIPLIER);
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
