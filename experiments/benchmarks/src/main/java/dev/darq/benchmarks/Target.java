package dev.darq.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A figure that a row is held to: at least this.
 *
 * @param what of what
 * @param least the least ratio, or the least fraction of the popcount limit
 */
record Target(What what, double least) {
    /** What is held to a target. */
    enum What {
        /** Times as fast as ONNX Runtime's dynamic int8. */
        INT8("int8"),
        /** Times as fast as Darq's vectorised float32 kernel. */
        FLOAT_KERNEL("float32 kernel"),
        /** Times as fast as ONNX Runtime's float32. */
        ONNX_FLOAT("ONNX float32"),
        /** Fraction of the popcount limit. */
        POPCOUNT("of popcount");

        private final String text;

        What(String text) {
            this.text = text;
        }
    }

    private static final List<String> SINGLE_LAYERS = List.of("1024x1024", "768x3072", "4096x4096");
    private static final String PERCEPTRON = "784-512-10";
    private static final double POPCOUNT_SHARE = 0.8;
    /** By bits less one, at batch 1 on a processor that counts 512 bits at once. */
    private static final double[] INT8_SMALL = {9, 3.5, 1.9, 1.05};
    private static final double[] INT8_LARGE = {15, 5, 3, 2};
    private static final double[] FLOAT_KERNEL = {50, 18, 10, 6};
    private static final double[] PERCEPTRON_FLOAT_KERNEL = {20, 7.4, 4.3};
    private static final double[] PERCEPTRON_ONNX_FLOAT = {24, 8.8, 5.3};

    /** The targets of a row, none for most. */
    static List<Target> of(Workload workload, Entry entry) {
        List<Target> targets = new ArrayList<>();
        String layer = workload.network().name();
        for (int bits = 1; bits <= FLOAT_KERNEL.length; bits++) {
            if (workload.batch() != 1 || !entry.name().startsWith("Darq (" + bits + "," + bits + ")")) {
                continue;
            }
            if (layer.equals("1024x1024") || layer.equals("4096x4096")) {
                double[] int8 = layer.equals("1024x1024") ? INT8_SMALL : INT8_LARGE;
                targets.add(new Target(What.INT8, int8[bits - 1]));
            }
            if (SINGLE_LAYERS.contains(layer)) {
                targets.add(new Target(What.FLOAT_KERNEL, FLOAT_KERNEL[bits - 1]));
            }
            if (layer.equals("1024x1024") && bits >= 2) {
                targets.add(new Target(What.POPCOUNT, POPCOUNT_SHARE));
            }
            if (layer.equals(PERCEPTRON) && bits <= PERCEPTRON_FLOAT_KERNEL.length) {
                targets.add(new Target(What.FLOAT_KERNEL, PERCEPTRON_FLOAT_KERNEL[bits - 1]));
                targets.add(new Target(What.ONNX_FLOAT, PERCEPTRON_ONNX_FLOAT[bits - 1]));
            }
        }
        return targets;
    }

    /** What is reached, for a person: {@code yes}, or what is missed. */
    static String met(List<Target> targets, Row row) {
        List<String> missed = targets.stream().filter(target -> !target.isMet(row)).map(target -> target.what.text)
                .toList();
        return targets.isEmpty() ? "" : missed.isEmpty() ? "yes" : "no: " + String.join(", ", missed);
    }

    private boolean isMet(Row row) {
        Double reached = switch (what) {
            case INT8 -> row.overInt8();
            case FLOAT_KERNEL -> row.overFloatKernel();
            case ONNX_FLOAT -> row.overOnnxFloat();
            case POPCOUNT -> row.ofPopcount();
        };
        return reached != null && reached >= least;
    }

    @Override
    public String toString() {
        return what == What.POPCOUNT
                ? String.format(Locale.ROOT, "%.0f %% %s", 100 * least, what.text)
                : String.format(Locale.ROOT, "%sx %s", trimmed(least), what.text);
    }

    private static String trimmed(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    /**
     * The figures of a contender, null where there is nothing to compare with.
     *
     * @param overInt8 times as fast as ONNX Runtime's dynamic int8
     * @param overFloatKernel times as fast as Darq's float32 kernel
     * @param overOnnxFloat times as fast as ONNX Runtime's float32
     * @param ofPopcount the time of the products alone at the popcount limit, as a fraction of the time taken
     * @param ofBandwidth the time to read the weights once at the bandwidth limit, as a fraction of the time taken
     */
    record Row(@Nullable Double overInt8, @Nullable Double overFloatKernel, @Nullable Double overOnnxFloat,
            @Nullable Double ofPopcount, double ofBandwidth) {}
}
