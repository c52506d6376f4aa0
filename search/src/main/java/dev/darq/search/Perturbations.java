package dev.darq.search;

import dev.darq.quantizers.Parameter;
import dev.darq.quantizers.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much the validation loss of a searched network grows when one choice is made and all others stay mixtures
 * (perturbation-based selection: Wang et al., "Rethinking Architecture Selection in Differentiable NAS", ICLR 2021, here with
 * each candidate kept alone instead of left out). Alphas tell what the search preferred; this tells what the network bears,
 * or comes to bear: weights of one bit look hopeless until they were trained as such for a while, which few steps show.
 */
final class Perturbations {
    private static final int MOST_EXAMPLES = 4096;
    /** Makes every other candidate negligible at any temperature. */
    private static final float CERTAIN = 1e6f;

    private final Network network;
    private final Adaptation adaptation;
    private final int steps;
    private final Examples validation;

    Perturbations(Network network, Adaptation adaptation, int steps, Examples validation) {
        this.network = network;
        this.adaptation = adaptation;
        this.steps = steps;
        this.validation = new First(validation, Math.min(MOST_EXAMPLES, validation.size()));
    }

    /**
     * The increase of the mean cross-entropy, in nats, over that of the mixtures after as many steps.
     *
     * @param alphas the architecture parameters of the choices
     * @return an increase for each candidate of each choice; 0 where there is nothing to choose
     */
    List<double[]> measure(List<Parameter> alphas) {
        State before = new State();
        network.save(before);
        // What was sampled last shall not count.
        network.choices().forEach(choice -> choice.relaxation(new Softmax()));
        network.choices().forEach(choice -> choice.draw(0));
        double mixed = loss(before);
        List<double[]> increases = new ArrayList<>();
        for (Parameter alpha : alphas) {
            double[] increase = new double[alpha.value().length];
            for (int j = 0; j < increase.length && increase.length > 1; j++) {
                Arrays.fill(alpha.value(), 0);
                alpha.value()[j] = CERTAIN;
                increase[j] = loss(before) - mixed;
            }
            increases.add(increase);
        }
        return increases;
    }

    /** After the steps, which are then taken back. */
    private double loss(State before) {
        adaptation.run(network, steps);
        double loss = Evaluation.loss(Evaluation.softLogits(network, validation), validation);
        network.restore(before);
        return loss;
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
