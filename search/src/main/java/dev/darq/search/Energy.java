package dev.darq.search;

import dev.darq.quantizers.Candidate;

/**
 * Energy of one inference in picojoules, on a chip whose arithmetic has the widths of the codes; not what this machine
 * draws. Figures of a 45 nm process at 0.9 V (Horowitz, "Computing's energy problem", ISSCC 2014, figure 1.1.9):
 *
 * <pre>
 * integer add         8 bit 0.03   32 bit 0.1
 * integer multiply    8 bit 0.2    32 bit 3.1
 * float add          16 bit 0.4    32 bit 0.9
 * float multiply     16 bit 1.1    32 bit 3.7
 * read 32 bits from a small SRAM   5          (half of its 64 bits from 8 KB)
 * </pre>
 *
 * Other widths, for weights of w bits and activations of a bits:
 * <ul>
 * <li>an integer product costs {@code 0.2 w a / 64}: an array multiplier has w a cells (at 32 x 32 that gives the table's
 * value to 4 %);</li>
 * <li>adding it to the sum costs {@code 0.1 s / 32}, s = w + a + ceil(log2 inputs), the bits of a sum that cannot
 * overflow: an adder grows by the bit (8 bits: the table's value to 17 %);</li>
 * <li>where one side is {@code float16} or {@code float32}, product and sum are of the wider float;</li>
 * <li>each weight and each input is read once: {@code 5 / 32} a bit.</li>
 * </ul>
 */
public record Energy() implements CostModel {
    static final double INTEGER_ADD_32 = 0.1;
    static final double INTEGER_MULTIPLY_8 = 0.2;
    static final double FLOAT_ADD_16 = 0.4;
    static final double FLOAT_ADD_32 = 0.9;
    static final double FLOAT_MULTIPLY_16 = 1.1;
    static final double FLOAT_MULTIPLY_32 = 3.7;
    static final double READ_32 = 5;

    @Override
    public double cost(LayerShape layer, Candidate weights, Candidate activations) {
        double bitsRead = (double) layer.weights() * weights.bits() + (double) layer.inputValues() * activations.bits();
        return layer.multiplyAccumulates() * multiplyAccumulate(layer.inputs(), weights, activations)
                + bitsRead * READ_32 / 32;
    }

    /** Picojoules of one product and its addition to a sum of so many. */
    static double multiplyAccumulate(int terms, Candidate weights, Candidate activations) {
        int width = Math.max(floatBits(weights), floatBits(activations));
        if (width > 0) {
            return width == 16 ? FLOAT_MULTIPLY_16 + FLOAT_ADD_16 : FLOAT_MULTIPLY_32 + FLOAT_ADD_32;
        }
        int sumBits = weights.bits() + activations.bits() + Integer.SIZE - Integer.numberOfLeadingZeros(terms - 1);
        return INTEGER_MULTIPLY_8 * weights.bits() * activations.bits() / 64 + INTEGER_ADD_32 * sumBits / 32;
    }

    private static int floatBits(Candidate candidate) {
        return candidate.isFloat() ? candidate.bits() : 0;
    }

    @Override
    public String label() {
        return "energy";
    }

    @Override
    public String unit() {
        return "pJ";
    }
}
