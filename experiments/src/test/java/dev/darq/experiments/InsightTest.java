package dev.darq.experiments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.DiscretisationGap.Stage;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.QuantizerSettings;
import dev.darq.search.Allocation;
import dev.darq.search.DiscretisationSettings.Alphas;
import dev.darq.search.LayerCandidates;
import dev.darq.search.LayerRule;
import dev.darq.search.LayerRules;
import dev.darq.search.LayerSensitivity;
import dev.darq.search.LayerShape;
import dev.darq.search.SearchSpace;
import java.util.List;
import org.junit.jupiter.api.Test;

class InsightTest {
    private static final SearchSpace SPACE = new SearchSpace(
            List.of(Candidate.parse("lq2"), Candidate.parse("lq4")),
            List.of(Candidate.parse("lq2"), Candidate.parse("uniform8")));
    private static final DiscretisationGap GAP = new DiscretisationGap(0.98, new Stage(0.96, 0.97),
            new Stage(0.96, 0.97), new Stage(0.985, 0.99));

    private static Allocation.Layer layer(String name, int inputs, int outputs, String weights, String activations) {
        return new Allocation.Layer(new LayerShape(name, inputs, outputs, null), Candidate.parse(weights), "", 1,
                Candidate.parse(activations), "", 1);
    }

    private static List<LayerSensitivity> sensitivities(double first, double second) {
        LayerCandidates lowest = new LayerCandidates(Candidate.parse("lq1"), Candidate.parse("lq2"));
        return List.of(new LayerSensitivity("linear1", lowest, first), new LayerSensitivity("linear2", lowest, second));
    }

    private static String text(double first, double second) {
        return text(LayerRules.NONE, List.of(layer("linear1", 90, 10, "lq2", "lq2"),
                layer("linear2", 10, 10, "lq4", "uniform8")), sensitivities(first, second), Alphas.FROZEN);
    }

    private static String text(LayerRules rules, List<Allocation.Layer> layers, List<LayerSensitivity> sensitivities,
            Alphas alphas) {
        return text(rules, layers, sensitivities, GAP, alphas);
    }

    private static String text(LayerRules rules, List<Allocation.Layer> layers, List<LayerSensitivity> sensitivities,
            DiscretisationGap gap, Alphas alphas) {
        List<LayerShape> shapes = layers.stream().map(Allocation.Layer::shape).toList();
        return new Insight(new Allocation(layers, List.of()), rules.spaces(shapes, SPACE), sensitivities, gap,
                QuantizerSettings.DEFAULT, alphas).toText();
    }

    @Test
    void theSavingsAreThoseOfTheAllocation() {
        // 900 * 4 + 100 * 32 = 6,800 of 1,024,000 and of 64,000 bit operations; 400 + 320 of 4,080 and of 1,920 bytes.
        String text = text(0.5, 0.1);
        assertTrue(text.startsWith("The scheme needs 0.66 % of the bit operations and 17.65 % of the weight bytes of"
                + " float32, which is 10.6 % and 37.5 % of 8 bits everywhere."), text);
        // 57,600 - 3,600 and 6,400 - 3,200 bit operations are saved; 960 and 240 bytes.
        assertTrue(text.contains("94.4 % are saved in linear1, 5.6 % are saved in linear2; of the bytes, 80.0 % are"
                + " saved in linear1, 20.0 % are saved in linear2."), text);
    }

    @Test
    void theLayerThatKeptItsBitsIsExplainedByWhatWasMeasured() {
        assertTrue(
                text(0.5, 0.1).contains("Most bits were kept by linear2 (lq4 weights, uniform8 inputs). Quantized alone"
                        + " to lq1 weights and lq2 inputs, the layers raise the validation loss of the float32 network by 0.500"
                        + " (linear1), 0.100 (linear2). By this linear2 is only number 2 in sensitivity, but with 10.0 % of all"
                        + " products its bits cost little."),
                text(0.5, 0.1));
        assertTrue(text(0.1, 0.5).contains("So linear2 is the most sensitive layer, and cheap to keep exact with only"
                + " 10.0 % of all products."), text(0.1, 0.5));
    }

    @Test
    void bitsThatTheConfigurationGaveAreNotExplainedByTheSearch() {
        List<Allocation.Layer> layers = List.of(layer("linear1", 90, 10, "lq2", "lq2"),
                layer("linear2", 10, 10, "float32", "float32"));
        String excluded = text(new LayerRules(List.of(new LayerRule.Exclude("linear2"))), layers,
                sensitivities(0.1, 0.5), Alphas.FROZEN);
        assertTrue(excluded.contains("(linear2). The configuration gave linear2 its bits, not the search. On"),
                excluded);
        String pinned = text(new LayerRules(List.of(new LayerRule.Pin("linear2", null, Candidate.parse("uniform8")))),
                List.of(layers.getFirst(), layer("linear2", 10, 10, "lq4", "uniform8")), sensitivities(0.1, 0.5),
                Alphas.FROZEN);
        assertTrue(pinned.contains("10.0 % of all products. The configuration gave linear2 those of its inputs. On"),
                pinned);
    }

    @Test
    void aLayerThatNeedsMoreThanEightBitsIsNotSaidToSave() {
        // 57,600 - 3,600 = 54,000 and 6,400 - 25,600 = -19,200 bit operations.
        String text = text(LayerRules.NONE, List.of(layer("linear1", 90, 10, "lq2", "lq2"),
                layer("linear2", 10, 10, "float16", "float16")), sensitivities(0.1, 0.5), Alphas.FROZEN);
        assertTrue(text.contains("155.2 % are saved in linear1, 55.2 % are added by linear2; of the bytes"), text);
    }

    @Test
    void aLayerThatChoosesWithOthersIsSaidTo() {
        String text = text(new LayerRules(List.of(new LayerRule.Tie("linear*", LayerRule.Tied.WEIGHTS))),
                List.of(layer("linear1", 90, 10, "lq2", "lq2"), layer("linear2", 10, 10, "lq2", "uniform8")),
                sensitivities(0.1, 0.5), Alphas.FROZEN);
        assertTrue(text.contains("10.0 % of all products. Its weights are tied to those of linear1. On"), text);
    }

    @Test
    void aSchemeThatIsTrainedFromTheWeightsBeforeTheSearchIsNotSaidToBeMadeOfTheMixture() {
        String text = text(LayerRules.NONE, List.of(layer("linear1", 90, 10, "lq2", "lq2"),
                layer("linear2", 10, 10, "lq4", "uniform8")), sensitivities(1, 1), Alphas.RESET);
        assertTrue(text.contains("reaches 98.00 %, its scheme on the weights before the search 96.00 % (-2.00 points"),
                text);
    }

    @Test
    void theDistanceFromTheMixtureIsSaidBeforeAndAfterFineTuning() {
        assertTrue(text(1, 1)
                .endsWith("On the test set the mixture that was searched reaches 98.00 %, the discrete network"
                        + " made of it 96.00 % (-2.00 points, the same answer for 97.0 %), and after fine-tuning 98.50 %"
                        + " (+0.50 points, the same answer for 99.0 %)."),
                text(1, 1));
    }

    @Test
    void whatSettlingDidIsSaid() {
        DiscretisationGap settled = new DiscretisationGap(0.98, new Stage(0.96, 0.97), new Stage(0.979, 0.98),
                new Stage(0.985, 0.99));
        String text = text(LayerRules.NONE, List.of(layer("linear1", 90, 10, "lq2", "lq2")),
                sensitivities(1, 1).subList(0, 1), settled, Alphas.FROZEN);
        assertTrue(text.contains("made of it 96.00 % (-2.00 points, the same answer for 97.0 %), once settled 97.90 %"
                + " (-0.10 points, the same answer for 98.0 %), and after fine-tuning 98.50 %"), text);
    }

    @Test
    void layersThatAreAllAlikeAreNotToldApart() {
        String text = text(LayerRules.NONE,
                List.of(layer("linear1", 90, 10, "uniform8", "uniform8"), layer("linear2", 10, 10, "lq8", "uniform8")),
                sensitivities(1, 2), Alphas.FROZEN);
        assertTrue(text.contains("All layers have equally many bits for a product."), text);
        assertTrue(text.contains("would need beyond this, none are saved; of the bytes, none are saved."), text);
        assertEquals(text.strip(), text);
    }
}
