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

    private static @Nullable KernelProvider chosen;

    KernelProvider() {}

    /**
     * The provider of this process.
     *
     * @throws IllegalStateException if the property names no provider, or one that this JVM cannot run
     */
    public static synchronized KernelProvider get() {
        KernelProvider provider = chosen;
        if (provider == null) {
            provider = ProviderChoice.choose();
            chosen = provider;
        }
        return provider;
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
