package dev.darq.kernels;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final int RUNS = 16;
    /** The compiler has had a chance at both by then. */
    private static final long SHORTEST_NANOS = 150_000_000;
    /** Where vectors are worth it they have shown so by then, on a busy machine too; elsewhere no start shall take longer. */
    private static final long LONGEST_NANOS = 5_000_000_000L;

    private ProviderChoice() {}

    static KernelProvider choose() {
        String forced = forced();
        boolean present = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
        if (forced == null && !present) {
            return log(new ScalarProvider(), "module " + VECTOR_MODULE + " is absent");
        }
        if ("scalar".equals(forced)) {
            return log(new ScalarProvider(), "forced by " + KernelProvider.PROPERTY);
        }
        if (!present) {
            throw new IllegalStateException(
                    KernelProvider.PROPERTY + "=" + forced + " needs the JVM flag --add-modules "
                            + VECTOR_MODULE);
        }
        KernelProvider vector = VectorProvider.create();
        return forced == null ? faster(vector) : log(vector, "forced by " + KernelProvider.PROPERTY);
    }

    private static @Nullable String forced() {
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

    /** The preferred width alone does not prove a popcount instruction of that width, so time decides. */
    private static KernelProvider faster(KernelProvider vector) {
        KernelProvider scalar = new ScalarProvider();
        Trial scalarTrial = new Trial(scalar);
        Trial vectorTrial = new Trial(vector);
        long start = System.nanoTime();
        for (long elapsed = 0; elapsed < LONGEST_NANOS
                && (elapsed < SHORTEST_NANOS || vectorTrial.best > scalarTrial.best);) {
            scalarTrial.run();
            vectorTrial.run();
            elapsed = System.nanoTime() - start;
        }
        String times = String.format(Locale.ROOT, "popcount product %.2f us with vectors, %.2f us without",
                vectorTrial.best, scalarTrial.best);
        return log(vectorTrial.best < scalarTrial.best ? vector : scalar, times);
    }

    /** The shortest time of one product, in microseconds, over all runs so far. */
    private static final class Trial {
        private final Session session;
        private final float[] x = new float[COLUMNS];
        private final float[] y = new float[ROWS];
        private double best = Double.POSITIVE_INFINITY;

        Trial(KernelProvider provider) {
            long[] planes = new SplittableRandom(1).longs(ROWS * 2L * BinaryCode.words(COLUMNS)).toArray();
            BinaryCode weights = new BinaryCode(ROWS, COLUMNS, 2, new float[ROWS * 2], new float[ROWS], planes);
            LevelActivation input = new LevelActivation(new float[] {1, 2}, 0);
            Linear linear = new Linear("trial", weights, input, new float[ROWS]);
            PackedModel model = new PackedModel(List.of(linear), Map.of());
            session = new Session(model, PreparedModel.of(model, provider, 1, new HashMap<>()));
        }

        void run() {
            long start = System.nanoTime();
            for (int run = 0; run < RUNS; run++) {
                session.run(x, y);
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e3 / RUNS);
        }
    }

    private static KernelProvider log(KernelProvider provider, String reason) {
        LOGGER.log(System.Logger.Level.INFO, "Darq kernels: {0} ({1})", provider.name(), reason);
        return provider;
    }
}
