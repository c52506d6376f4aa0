package dev.darq.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Linear layers with tanh between them and random numbers in them: times do not depend on what the numbers are.
 *
 * @param name what it is called in the table
 * @param layers the layers, each as wide as the one before gives
 */
record Network(String name, List<Layer> layers) {
    /**
     * {@code y = W x + bias}.
     *
     * @param inputs the columns of W
     * @param outputs the rows of W
     * @param weights W, {@code [outputs, inputs]}
     * @param bias the bias, {@code [outputs]}; zeros in a network of one layer, where no library adds any
     */
    record Layer(int inputs, int outputs, float[] weights, float[] bias) {}

    /** A network of these widths, from the input to the output. */
    static Network random(int... widths) {
        SplittableRandom random = new SplittableRandom(1);
        boolean single = widths.length == 2;
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i + 1 < widths.length; i++) {
            float[] weights = gaussians(random, widths[i] * widths[i + 1], 1 / Math.sqrt(widths[i]));
            float[] bias = gaussians(random, widths[i + 1], single ? 0 : 0.1);
            layers.add(new Layer(widths[i], widths[i + 1], weights, bias));
        }
        String name = Arrays.stream(widths).mapToObj(Integer::toString).collect(Collectors.joining(single ? "x" : "-"));
        return new Network(name, List.copyOf(layers));
    }

    /** Random inputs, {@code [batch, inputs]}. */
    float[] randomInput(int batch) {
        return gaussians(new SplittableRandom(2), batch * inputs(), 1);
    }

    /** The length of the input vector. */
    int inputs() {
        return layers.getFirst().inputs();
    }

    /** The length of the output vector. */
    int outputs() {
        return layers.getLast().outputs();
    }

    private static float[] gaussians(SplittableRandom random, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }
}
