package dev.darq.experiments.config;

import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Role;
import dev.darq.search.DiscretisationSettings;
import dev.darq.search.DiscretisationSettings.Alphas;
import dev.darq.search.DiscretisationSettings.Method;
import dev.darq.search.LayerRule;
import dev.darq.search.LayerRule.Tied;
import dev.darq.search.LayerRules;
import dev.darq.search.LayerShape;
import dev.darq.search.SearchSpace;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What {@code space}, {@code layers} and {@code discretisation} may say. */
final class SpaceReader {
    private static final Map<String, Tied> TIES = Value.named(Tied.values(), SpaceReader::label);

    private static final int MOST_STEPS = 10_000;

    private SpaceReader() {}

    static SearchSpace space(Value value) {
        Value space = value.section("weights", "activations");
        return new SearchSpace(candidates(space.get("weights"), Role.WEIGHTS),
                candidates(space.get("activations"), Role.ACTIVATIONS));
    }

    private static List<Candidate> candidates(Value value, Role role) {
        List<Candidate> candidates = value.distinct(item -> ConfigReader.candidate(item, role));
        if (candidates.isEmpty()) {
            throw value.error("must list at least one candidate, such as lq2 or uniform8");
        }
        return candidates;
    }

    /** Rules for layers, each of which names some of them by a glob. */
    static LayerRules layers(Value value, List<LayerShape> shapes) {
        List<String> names = shapes.stream().map(LayerShape::name).toList();
        List<Value> items = value.or(List.of(), v -> v.list(item -> item));
        LayerRules rules = new LayerRules(items.stream().map(item -> rule(item, names)).toList());
        for (int r = 0; r < items.size(); r++) {
            if (!rules.hasEffect(r, names)) {
                throw items.get(r).error(rules.rules().get(r) instanceof LayerRule.Tie
                        ? "has no effect: later rules leave less than two layers in this tie"
                        : "has no effect: later rules say something else about all of it");
            }
        }
        return rules;
    }

    private static LayerRule rule(Value value, List<String> names) {
        Value rule = value.section("match", "tie", "pin", "exclude");
        String match = rule.get("match").text();
        LayerRule read = decision(rule, match);
        List<String> matched;
        try {
            matched = read.matches(names);
        } catch (PatternSyntaxException e) {
            throw rule.get("match").error("is no glob: " + e.getDescription());
        }
        if (matched.isEmpty()) {
            throw rule.get("match").error("matches no layer, they are " + names);
        }
        if (read instanceof LayerRule.Tie && matched.size() == 1) {
            throw rule.get("match").error("matches only " + matched.getFirst() + ", a tie needs at least two of "
                    + names);
        }
        return read;
    }

    private static LayerRule decision(Value rule, String match) {
        Value tie = rule.get("tie");
        Value pin = rule.get("pin");
        Value exclude = rule.get("exclude");
        if ((tie.isAbsent() ? 0 : 1) + (pin.isAbsent() ? 0 : 1) + (exclude.isAbsent() ? 0 : 1) != 1) {
            throw rule.error("needs one of 'tie', 'pin' and 'exclude'");
        }
        if (!tie.isAbsent()) {
            return new LayerRule.Tie(match, tie.oneOf("tie", TIES));
        }
        if (!exclude.isAbsent()) {
            if (!exclude.flag()) {
                throw exclude.error("must be true; leave the rule out otherwise");
            }
            return new LayerRule.Exclude(match);
        }
        Value pins = pin.section("weights", "activations");
        Candidate weights = pinned(pins.get("weights"), Role.WEIGHTS);
        Candidate activations = pinned(pins.get("activations"), Role.ACTIVATIONS);
        if (weights == null && activations == null) {
            throw pin.error("needs a candidate for 'weights', for 'activations' or for both");
        }
        return new LayerRule.Pin(match, weights, activations);
    }

    private static @Nullable Candidate pinned(Value value, Role role) {
        return value.isAbsent() ? null : ConfigReader.candidate(value, role);
    }

    static DiscretisationSettings discretisation(Value value) {
        DiscretisationSettings standard = DiscretisationSettings.DEFAULT;
        Value settings = value.section("method", "perturbations", "steps", "weight", "alphas");
        DiscretisationSettings read = new DiscretisationSettings(
                settings.get("method").or(standard.method(),
                        v -> v.oneOf("method", Value.named(Method.values(), ConfigReader::lowerCase))),
                settings.get("perturbations").or(standard.perturbations(), Value::flag),
                settings.get("steps").or(standard.steps(),
                        v -> v.whole(0, MOST_STEPS)),
                settings.get("weight").or(standard.weight(), v -> v.notNegative(ConfigReader.LARGEST_MULTIPLIER)),
                settings.get("alphas").or(standard.alphas(),
                        v -> v.oneOf("alphas", Value.named(Alphas.values(), ConfigReader::lowerCase))));
        checkPerturbations(settings, read);
        return read;
    }

    /** Refuses what has no effect without perturbations, unless it is the default, which a written configuration has. */
    private static void checkPerturbations(Value settings, DiscretisationSettings read) {
        DiscretisationSettings standard = DiscretisationSettings.DEFAULT;
        if (!read.perturbations() && read.weight() != standard.weight()) {
            throw settings.get("weight").error("is that of the perturbations, and needs 'perturbations: true'");
        }
        if (!read.perturbations() && read.steps() != standard.steps()) {
            throw settings.get("steps").error("are those of the perturbations, and need 'perturbations: true'");
        }
    }

    static String label(Tied tied) {
        return ConfigReader.lowerCase(tied).replace('_', '-');
    }
}
