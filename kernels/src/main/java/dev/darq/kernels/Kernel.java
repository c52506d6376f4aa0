package dev.darq.kernels;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ways to compute a linear layer. */
enum Kernel {
    /** XOR and popcount over pairs of bit planes. */
    POPCOUNT,
    /** Sums of a few input codes, looked up by the bits of the weights. */
    LOOKUP,
    /** Multiplication of the integer codes. */
    INTEGER,
    /** Weights decoded to float32 once, at load; inputs rounded as their code says. */
    FLOAT32;

    /** From so many samples on a loaded weight serves several. */
    private static final int SHARING_SAMPLES = 4;

    /**
     * The system property that forces a kernel, {@code popcount}, {@code lookup}, {@code integer} or {@code float32}, for every
     * layer that it can run: to measure where one overtakes the other.
     */
    static final String PROPERTY = "darq.kernel";

    /** Whether this kernel can compute a layer. */
    boolean runs(Linear linear) {
        return switch (this) {
            case FLOAT32 -> true;
            case POPCOUNT -> linear.weights() instanceof BinaryCode && FoldedProduct.isCoded(linear.input());
            case LOOKUP -> linear.weights() instanceof BinaryCode weights
                    && FoldedProduct.isEvenInput(weights.columns(), linear.input()) && hasIntegerCodes(linear.input());
            case INTEGER -> linear.weights() instanceof BinaryCode weights
                    && linear.input() instanceof UniformActivation input && FoldedProduct.isEven(weights, input);
        };
    }

    private static boolean hasIntegerCodes(ActivationCode input) {
        return switch (input) {
            case UniformActivation _ -> true;
            case LevelActivation level -> level.bits() == 1 && level.basis()[0] > 0;
            case TokenActivation _,FloatActivation _ -> false;
        };
    }

    /** The kernel for a layer: what the property forces, else the fastest. The same on every machine, so that results are. */
    static Kernel of(Linear linear, int batch) {
        Kernel forced = forced();
        return forced != null && forced.runs(linear) ? forced : fastest(linear, batch);
    }

    private static Kernel fastest(Linear linear, int batch) {
        WeightCode weights = linear.weights();
        Kernel best = FLOAT32;
        long shortest = Long.MAX_VALUE;
        for (Kernel kernel : values()) {
            if (kernel.runs(linear)) {
                long nanos = kernel.nanos(weights.bits(), linear.input().bits(), weights.columns(), weights.rows(),
                        batch);
                if (nanos < shortest) {
                    best = kernel;
                    shortest = nanos;
                }
            }
        }
        return best;
    }

    /**
     * About how long a product takes on one thread. The figures per vector of 512 bits were measured on an AMD EPYC (Zen 4) at
     * 784x512, 1024x1024 and 512x10; README, "Which kernel runs a layer", has the table. A kernel computes whole groups of
     * rows, so a layer of few rows costs some of them more than others.
     */
    long nanos(int weightBits, int inputBits, int columns, int rows, int batch) {
        boolean shares = batch >= SHARING_SAMPLES;
        double sample = switch (this) {
            case POPCOUNT -> 0.58 * weightBits * inputBits * Math.ceilDiv(rows, 8) * Math.ceilDiv(columns, 64);
            case LOOKUP -> {
                int digits = IntegerRun.unsignedDigits(inputBits);
                double lookup = shares || digits == 2 ? 0.73 : 1;
                yield digits
                        * (lookup * weightBits * Math.ceilDiv(rows, 64) * Math.ceilDiv(columns, 6) + 0.7 * columns);
            }
            case INTEGER -> (shares ? 0.38 : 0.6) * IntegerRun.of(weightBits, inputBits).digits()
                    * Math.ceilDiv(rows, 64) * 2 * columns;
            case FLOAT32 -> (shares ? 0.29 : 0.75) * Math.ceilDiv(rows, 16) * columns;
        };
        return (long) (sample * batch);
    }

    /** Whether the property asks for this kernel. */
    boolean isForced() {
        return forced() == this;
    }

    private static @Nullable Kernel forced() {
        String value = System.getProperty(PROPERTY);
        if (value == null || value.isEmpty()) {
            return null;
        }
        return Arrays.stream(values()).filter(kernel -> kernel.toString().equals(value)).findFirst()
                .orElseThrow(() -> new IllegalStateException(PROPERTY + ": expected "
                        + Arrays.stream(values()).map(Kernel::toString).collect(Collectors.joining(", ")) + ", got "
                        + value));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
