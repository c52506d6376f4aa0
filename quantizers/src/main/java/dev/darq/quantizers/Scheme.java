package dev.darq.quantizers;

import java.util.List;
import java.util.Set;

/**
 * The quantization schemes a {@link Candidate} can name. To add a scheme, write its {@link Quantizer} and register it
 * here with one line: name, class, roles, granularity of weights in its paper, and bit widths.
 */
@SuppressWarnings("ImmutableEnumChecker") // the sets and lists are, their types do not say so
public enum Scheme {
    /** Learned step size (Esser et al. 2020, LSQ). */
    LSQ("lsq", LsqQuantizer::new, Roles.BOTH, Granularity.TENSOR, 1, 2, 3, 4, 8, 16),
    /** Learned step size with a learned offset for activations (Bhalgat et al. 2020, LSQ+). */
    LSQ_PLUS("lsq+", LsqPlusQuantizer::new, Roles.BOTH, Granularity.TENSOR, 1, 2, 3, 4, 8, 16),
    /** Learned clipping value (Choi et al. 2018, PACT). */
    PACT("pact", PactQuantizer::new, Roles.BOTH, Granularity.TENSOR, 1, 2, 3, 4, 8, 16),
    /** Uniform symmetric quantization with a scale taken from the data. */
    UNIFORM("uniform", UniformQuantizer::new, Roles.BOTH, Granularity.CHANNEL, 1, 2, 3, 4, 8, 16),
    /** Uniform asymmetric quantization with scale and zero code taken from the data (Jacob et al. 2018). */
    AFFINE("affine", AffineQuantizer::new, Roles.BOTH, Granularity.CHANNEL, 1, 2, 3, 4, 8),
    /** Learned binary codes fitted by QEM (Zhang et al. 2018, LQ-Nets). */
    LQ("lq", LqQuantizer::leastSquares, Roles.BOTH, Granularity.CHANNEL, 1, 2, 3, 4, 8),
    /** Learned binary codes fitted by gradient steps with an L2 penalty (thesis on LQFullyConnected). */
    LQ_GRADIENT("lqg", LqQuantizer::gradient, Roles.BOTH, Granularity.CHANNEL, 1, 2, 3, 4),
    /** The sign times the mean magnitude, deterministic or stochastic (Courbariaux et al. 2015 and 2016). */
    SIGN("sign", SignQuantizer::new, Roles.BOTH, Granularity.TENSOR, 1),
    /** The sign times the mean magnitude of the channel, with XNOR-Net's gradient (Rastegari et al. 2016). */
    XNOR("xnor", XnorQuantizer::new, Roles.WEIGHTS, Granularity.CHANNEL, 1),
    /** Weights -1, 0, +1 times the mean magnitude (Ma et al. 2024, BitNet b1.58). */
    TERNARY("ternary", TernaryQuantizer::new, Roles.WEIGHTS, Granularity.TENSOR, 2),
    /** Activations with a scale of their own for each sample (Ma et al. 2024, BitNet b1.58). */
    TOKEN("token", TokenQuantizer::new, Roles.ACTIVATIONS, Granularity.TENSOR, 4, 8),
    /** IEEE floating point: half precision or none at all. */
    FLOAT("float", FloatQuantizer::new, Roles.BOTH, Granularity.TENSOR, 16, 32);

    private final String label;
    private final Factory factory;
    private final Set<Role> roles;
    private final Granularity weightGranularity;
    private final List<Integer> bits;

    Scheme(String label, Factory factory, Set<Role> roles, Granularity weightGranularity, Integer... bits) {
        this.label = label;
        this.factory = factory;
        this.roles = roles;
        this.weightGranularity = weightGranularity;
        this.bits = List.of(bits);
    }

    /** Makes an uninitialised quantizer of a scheme. */
    interface Factory {
        Quantizer create(Quantizer.Place place, QuantizerSettings settings);
    }

    /** What a scheme is for; a class of its own since an enum's constants are made before its other statics. */
    private static final class Roles {
        static final Set<Role> WEIGHTS = Set.of(Role.WEIGHTS);
        static final Set<Role> ACTIVATIONS = Set.of(Role.ACTIVATIONS);
        static final Set<Role> BOTH = Set.of(Role.WEIGHTS, Role.ACTIVATIONS);
    }

    /** The name used in configurations and tables, for example {@code lsq+}. */
    public String label() {
        return label;
    }

    /** The bit widths this scheme is defined for, ascending. */
    public List<Integer> bits() {
        return bits;
    }

    /** What this scheme can quantize. */
    public Set<Role> roles() {
        return roles;
    }

    /** How many weights share a scale or a basis in the scheme's paper. */
    public Granularity weightGranularity() {
        return weightGranularity;
    }

    Quantizer create(Quantizer.Place place, QuantizerSettings settings) {
        return factory.create(place, settings);
    }
}
