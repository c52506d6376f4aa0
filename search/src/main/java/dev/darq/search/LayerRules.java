package dev.darq.search;

import dev.darq.quantizers.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ties, pins and exclusions of layers. Of the rules that say something about a layer's weights the last one counts, and so
 * for its activations: a pin after a tie takes a layer out of the tie, a tie after a pin frees it again.
 *
 * @param rules in the order of the configuration
 */
public record LayerRules(List<LayerRule> rules) {
    /** Every layer chooses by itself. */
    public static final LayerRules NONE = new LayerRules(List.of());

    /** Copies the list. */
    public LayerRules {
        rules = List.copyOf(rules);
    }

    /** What each layer may choose from, where a space holds for all that no rule speaks of. */
    public List<LayerSpace> spaces(List<LayerShape> layers, SearchSpace space) {
        List<String> names = layers.stream().map(LayerShape::name).toList();
        List<LayerSpace> spaces = new ArrayList<>();
        for (String name : names) {
            Said weights = last(name, names, LayerRule::weights);
            Said activations = last(name, names, LayerRule::activations);
            spaces.add(new LayerSpace(
                    new SearchSpace(weights.candidates(space.weights()), activations.candidates(space.activations())),
                    weights.tie(name) + ".weights", activations.tie(name) + ".activations"));
        }
        return spaces;
    }

    /**
     * Whether a rule decides anything: a pin or an exclusion something about some layer, a tie something about two.
     *
     * @param rule   its index
     * @param layers names of all layers
     */
    public boolean hasEffect(int rule, List<String> layers) {
        long needed = rules.get(rule) instanceof LayerRule.Tie ? 2 : 1;
        return decided(rule, layers, LayerRule::weights) >= needed
                || decided(rule, layers, LayerRule::activations) >= needed;
    }

    private long decided(int rule, List<String> layers,
            Function<LayerRule, LayerRule.@Nullable Decision> tensor) {
        return layers.stream().filter(name -> last(name, layers, tensor).rule() == rule).count();
    }

    /** What the rule of this index says; null for nothing. */
    private record Said(int rule, LayerRule.@Nullable Decision decision) {
        List<Candidate> candidates(List<Candidate> all) {
            Candidate pin = decision == null ? null : decision.candidate();
            return pin == null ? all : List.of(pin);
        }

        String tie(String layer) {
            return decision == null || decision.candidate() != null ? layer : "layers." + rule;
        }
    }

    private Said last(String name, List<String> names, Function<LayerRule, LayerRule.@Nullable Decision> tensor) {
        for (int r = rules.size() - 1; r >= 0; r--) {
            LayerRule.Decision decision = tensor.apply(rules.get(r));
            if (decision != null && rules.get(r).matches(names).contains(name)) {
                return new Said(r, decision);
            }
        }
        return new Said(-1, null);
    }
}
