package dev.darq.kernels;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Decides which kernels this process uses, by measuring them. */
final class ProviderChoice {
    private static final System.Logger LOGGER = System.getLogger("dev.darq.kernels");
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String VECTOR = "vector";

    /** The product that is timed: large enough to stand for real layers, small enough to run thousands of times. */
    private static final int ROWS = 128;
    private static final int COLUMNS = 512;
    /** Where vectors are worth it they have shown so by then, on a busy machine too. */
    private static final long LONGEST_NANOS = 5_000_000_000L;

    private ProviderChoice() {}

    /** The provider that the property or the JVM dictates; null if it is to be measured. */
    static @Nullable KernelProvider withoutMeasuring() {
        String forced = forced();
        boolean present = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
        if (forced == null) {
            return present ? null : log(new ScalarProvider(), "module " + VECTOR_MODULE + " is absent");
        }
        if (forced.equals("scalar")) {
            return log(new ScalarProvider(), "forced by " + KernelProvider.PROPERTY);
        }
        if (!present) {
            throw new IllegalStateException(
                    KernelProvider.PROPERTY + "=" + forced + " needs the JVM flag --add-modules "
                            + VECTOR_MODULE);
        }
        return log(VectorProvider.create(), "forced by " + KernelProvider.PROPERTY);
    }

    /** The preferred width alone does not prove a popcount instruction of that width, so time decides. */
    static KernelProvider measure() {
        KernelProvider vector = VectorProvider.create();
        KernelProvider scalar = new ScalarProvider();
        Trial vectorTrial = trial(vector);
        Trial scalarTrial = trial(scalar);
        boolean faster = Trial.overtakes(vectorTrial, scalarTrial, LONGEST_NANOS);
        String times = String.format(Locale.ROOT, "popcount product %.2f us with vectors, %.2f us without",
                vectorTrial.best(), scalarTrial.best());
        return log(faster ? vector : scalar, times);
    }

    private static Trial trial(KernelProvider provider) {
        long[] planes = new SplittableRandom(1).longs(ROWS * 2L * BinaryCode.words(COLUMNS)).toArray();
        BinaryCode weights = new BinaryCode(ROWS, COLUMNS, 2, new float[ROWS * 2], new float[ROWS], planes);
        LevelActivation input = new LevelActivation(new float[] {1, 2}, 0);
        Linear linear = new Linear("trial", weights, input, new float[ROWS]);
        return new Trial(new PreparedLinear(provider.product(Kernel.POPCOUNT, linear), null), 1);
    }

    static @Nullable String forced() {
        String value = System.getProperty(KernelProvider.PROPERTY);
        if (value == null || value.isEmpty()) {
            return null;
        }
        return switch (value) {
            case "scalar", VECTOR, "vector-128", "vector-256", "vector-512" -> value;
            default -> throw new IllegalStateException(KernelProvider.PROPERTY
                    + ": expected scalar, vector, vector-128, vector-256 or vector-512, got " + value);
        };
    }

    /** The width that the property asks for, if it names one. */
    static OptionalInt forcedVectorBits() {
        String value = forced();
        return value != null && value.startsWith(VECTOR + "-")
                ? OptionalInt.of(Integer.parseInt(value.substring(VECTOR.length() + 1)))
                : OptionalInt.empty();
    }

    private static KernelProvider log(KernelProvider provider, String reason) {
        LOGGER.log(System.Logger.Level.INFO, "Darq kernels: {0} ({1})", provider.name(), reason);
        return provider;
    }
}
