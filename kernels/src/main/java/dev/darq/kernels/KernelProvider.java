package dev.darq.kernels;

import org.jspecify.annotations.Nullable;

/**
 * The kernels of this machine, chosen once at the first use: with the Vector API where its module is there and measures
 * faster, else scalar. Both give the same bits. The system property {@code darq.provider} forces a choice: {@code scalar},
 * {@code vector} (the machine's preferred width), or {@code vector-128}, {@code vector-256}, {@code vector-512}.
 */
public abstract sealed class KernelProvider permits ScalarProvider, VectorProvider {
    /** The name of the system property that forces a provider. */
    public static final String PROPERTY = "darq.provider";

    private static final Object MEASURING = new Object();
    private static volatile @Nullable KernelProvider chosen;

    KernelProvider() {}

    /**
     * The provider of this process. The first call may measure for a second; meanwhile models run on the scalar kernels.
     *
     * @throws IllegalStateException if the property names no provider, or one that this JVM cannot run
     */
    public static KernelProvider get() {
        KernelProvider provider = decided();
        return provider == null ? measured() : provider;
    }

    /** The provider, if it is known or needs no measurement. */
    static synchronized @Nullable KernelProvider decided() {
        if (chosen == null) {
            chosen = ProviderChoice.withoutMeasuring();
        }
        return chosen;
    }

    private static KernelProvider measured() {
        synchronized (MEASURING) {
            KernelProvider provider = chosen;
            if (provider == null) {
                provider = ProviderChoice.measure();
                chosen = provider;
            }
            return provider;
        }
    }

    /** Whether the property decides. */
    static boolean isForced() {
        return ProviderChoice.forced() != null;
    }

    /** The name, as {@code scalar} or {@code vector-512}. */
    public abstract String name();

    abstract PlaneEncoder planeEncoder(ActivationCode code);

    /** The kernel for a layer that {@link Kernel#runs} says it can run. */
    abstract RowProduct product(Kernel kernel, Linear linear);

    abstract ElementKernel rounding(ActivationCode code);

    abstract ElementKernel function(ActivationFunction function);

    @Override
    public String toString() {
        return name();
    }
}
