package dev.darq.experiments.cli;

import dev.darq.kernels.Linear;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Role;
import dev.darq.quantizers.Scheme;
import dev.darq.search.LayerCandidates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the options of {@code darq quantize} that say how each layer is quantized. */
final class LayerOptions {
    private final String bits;
    private final String scheme;
    private final List<String> layers;

    /**
     * The options as given.
     *
     * @param bits   {@code 3}, or {@code w=2,a=3}
     * @param scheme {@code lq}, or {@code w=xnor,a=lq}
     * @param layers {@code linear2=8/4} or {@code linear2=uniform8/pact4}, weights before activations
     */
    LayerOptions(String bits, String scheme, List<String> layers) {
        this.bits = bits;
        this.scheme = scheme;
        this.layers = layers;
    }

    /** The choice for each layer of a network. */
    List<LayerCandidates> choices(List<Linear> network) {
        String[] widths = pair("--bits", bits);
        List<LayerCandidates> choices = new ArrayList<>();
        List<String> names = network.stream().map(Linear::name).toList();
        LayerCandidates all = choice("--bits " + bits, widths[0], widths[1]);
        names.forEach(_ -> choices.add(all));
        for (String layer : layers) {
            int equals = layer.lastIndexOf('=');
            int place = names.indexOf(layer.substring(0, Math.max(equals, 0)));
            String option = "--layer " + layer;
            if (equals < 0 || place < 0) {
                throw new UsageException(option + ": expected LAYER=weights/activations with one of the layers "
                        + names);
            }
            String[] sides = layer.substring(equals + 1).split("/", -1);
            if (sides.length > 2) {
                throw new UsageException(option + ": expected weights/activations, got " + sides.length + " parts");
            }
            choices.set(place, choice(option, sides[0], sides[sides.length - 1]));
        }
        return choices;
    }

    private LayerCandidates choice(String option, String weights, String activations) {
        String[] schemes = pair("--scheme", scheme);
        return new LayerCandidates(candidate(option, schemes[0], weights, Role.WEIGHTS),
                candidate(option, schemes[1], activations, Role.ACTIVATIONS));
    }

    /** One value for both, or one each. */
    private static String[] pair(String option, String text) {
        String[] parts = text.split(",", -1);
        if (parts.length == 1 && !text.contains("=")) {
            return new String[] {text, text};
        }
        if (parts.length == 2 && parts[0].startsWith("w=") && parts[1].startsWith("a=")) {
            return new String[] {parts[0].substring(2), parts[1].substring(2)};
        }
        throw new UsageException(option + " " + text + ": expected one value, or w=X,a=Y for weights and activations");
    }

    /** A number of bits of the scheme, or a candidate by its name. */
    private static Candidate candidate(String option, String label, String text, Role role) {
        Candidate candidate;
        try {
            candidate = text.matches("\\d{1,3}")
                    ? new Candidate(scheme(label), Integer.parseInt(text))
                    : Candidate.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + e.getMessage());
        }
        if (!candidate.scheme().roles().contains(role)) {
            throw new UsageException(option + ": scheme '" + candidate.scheme().label() + "' does not quantize "
                    + (role == Role.WEIGHTS ? "weights" : "activations") + ", for which another can be given (--scheme"
                    + " w=X,a=Y)");
        }
        return candidate;
    }

    private static Scheme scheme(String label) {
        return Arrays.stream(Scheme.values()).filter(scheme -> scheme.label().equals(label)).findFirst()
                .orElseThrow(() -> new UsageException("--scheme " + label + ": unknown, expected one of "
                        + Arrays.stream(Scheme.values()).map(Scheme::label).toList()));
    }
}
