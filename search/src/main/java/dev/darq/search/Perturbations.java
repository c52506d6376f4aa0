package dev.darq.search;

import dev.darq.quantizers.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much the validation loss of a searched network grows when one choice is made and all others stay mixtures
 * (perturbation-based selection: Wang et al., "Rethinking Architecture Selection in Differentiable NAS", ICLR 2021, here with
 * each candidate kept alone instead of left out). Alphas tell what the search preferred; this tells what the network bears.
 */
final class Perturbations {
    private static final int MOST_EXAMPLES = 2048;
    /** Makes every other candidate negligible at any temperature. */
    private static final float CERTAIN = 1e6f;

    private final Mlp network;
    private final Examples validation;

    Perturbations(Mlp network, Examples validation) {
        this.network = network;
        this.validation = new First(validation, Math.min(MOST_EXAMPLES, validation.size()));
    }

    /**
     * The increase of the mean cross-entropy, in nats, over that of the mixtures.
     *
     * @param alphas the architecture parameters of the choices
     * @return an increase for each candidate of each choice; 0 where there is nothing to choose
     */
    List<double[]> measure(List<Parameter> alphas) {
        double mixed = loss();
        List<double[]> increases = new ArrayList<>();
        for (Parameter alpha : alphas) {
            float[] kept = alpha.value().clone();
            double[] increase = new double[kept.length];
            for (int j = 0; j < kept.length && kept.length > 1; j++) {
                Arrays.fill(alpha.value(), 0);
                alpha.value()[j] = CERTAIN;
                increase[j] = loss() - mixed;
            }
            System.arraycopy(kept, 0, alpha.value(), 0, kept.length);
            increases.add(increase);
        }
        return increases;
    }

    private double loss() {
        return Evaluation.loss(Evaluation.softLogits(network, validation), validation);
    }

    /** The first of some examples. */
    private record First(Examples examples, int size) implements Examples {
        @Override
        public int width() {
            return examples.width();
        }

        @Override
        public int classes() {
            return examples.classes();
        }

        @Override
        public void features(int index, float[] target, int offset) {
            examples.features(index, target, offset);
        }

        @Override
        public int label(int index) {
            return examples.label(index);
        }
    }
}
