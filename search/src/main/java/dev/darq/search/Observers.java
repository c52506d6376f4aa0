package dev.darq.search;

import dev.darq.quantizers.Quantizer;
import java.util.List;

/**
 * Quantizers that see the data of a pass.
 *
 * @param quantizers of one tensor
 * @param training   whether running statistics follow
 */
record Observers(List<Quantizer> quantizers, boolean training) {
    /** Whether {@link #observe} reads the data. */
    boolean follow() {
        return quantizers.stream().anyMatch(quantizer -> quantizer.follows(training));
    }

    /**
     * Lets them follow the data.
     *
     * @param data row-major {@code [rows, columns]}; may be empty where nobody follows them
     */
    void observe(float[] data, int rows, int columns) {
        quantizers.forEach(quantizer -> quantizer.startObserving(rows, columns, training));
        List<Quantizer> following = quantizers.stream().filter(quantizer -> quantizer.follows(training)).toList();
        if (following.isEmpty()) {
            return;
        }
        Parts.run((long) rows * columns, part -> {
            // A tensor of one scale is in one part: a different one for each quantizer.
            for (int k = 0; k < following.size(); k++) {
                following.get(k).observe((part + k) % Parts.COUNT, data, rows, columns);
            }
        });
    }
}
