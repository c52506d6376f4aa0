package dev.darq.search;

import dev.darq.quantizers.Candidate;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a configuration says about some layers, which a glob names. */
public sealed interface LayerRule {
    /** A glob over names of layers, such as {@code linear*} or {@code linear[12]}. */
    String match();

    /** What is said about the weights; null for nothing. */
    @Nullable
    Decision weights();

    /** What is said about the activations; null for nothing. */
    @Nullable
    Decision activations();

    /**
     * About one tensor of each layer.
     *
     * @param candidate what it must take; null where the layers choose together
     */
    record Decision(@Nullable Candidate candidate) {
        static final Decision TOGETHER = new Decision(null);
    }

    /** What a tie holds together. */
    enum Tied {
        /** One choice for the weights of all layers. */
        WEIGHTS,
        /** One choice for the activations of all layers. */
        ACTIVATIONS,
        /** Both. */
        WEIGHTS_AND_ACTIVATIONS
    }

    /** The layers make one choice. */
    record Tie(String match, Tied tied) implements LayerRule {
        @Override
        public @Nullable Decision weights() {
            return tied == Tied.ACTIVATIONS ? null : Decision.TOGETHER;
        }

        @Override
        public @Nullable Decision activations() {
            return tied == Tied.WEIGHTS ? null : Decision.TOGETHER;
        }
    }

    /** The layers have no choice: a candidate for the weights, for the activations, or for both. */
    record Pin(String match, @Nullable Candidate weightsPin, @Nullable Candidate activationsPin)
            implements
                LayerRule {
        @Override
        public @Nullable Decision weights() {
            return weightsPin == null ? null : new Decision(weightsPin);
        }

        @Override
        public @Nullable Decision activations() {
            return activationsPin == null ? null : new Decision(activationsPin);
        }
    }

    /** The layers stay in float32. Their cost still counts. */
    record Exclude(String match) implements LayerRule {
        @Override
        public Decision weights() {
            return new Decision(Candidate.FLOAT32);
        }

        @Override
        public Decision activations() {
            return new Decision(Candidate.FLOAT32);
        }
    }

    /**
     * The names that the glob matches.
     *
     * @throws java.util.regex.PatternSyntaxException if it is none
     */
    default List<String> matches(List<String> names) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + match());
        return names.stream().filter(name -> matcher.matches(Path.of(name))).toList();
    }
}
