package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.darq.quantizers.Constants;
import dev.darq.quantizers.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/** A transformer encoder that classifies sequences, see {@link TransformerSpec}. */
final class TransformerEncoder extends Network {
    private static final double NORM_EPSILON = 1e-5;
    private static final double POSITION_DEVIATION = 0.02;
    private static final long POSITION_SEED = 0x9E3779B97F4A7C15L;

    private final TransformerSpec spec;
    private final Parameter positions;
    /** Two a layer, before attention and before the feed-forward network, and the last. */
    private final List<Norm> norms;

    /** Layer normalisation (Ba et al. 2016) over the values of a token. */
    private record Norm(Parameter gain, Parameter bias) {
        static Norm of(String name, int width) {
            Norm norm = new Norm(new Parameter(name + ".gain", width), new Parameter(name + ".bias", width));
            Arrays.fill(norm.gain.value(), 1);
            return norm;
        }

        NDArray apply(NDArray x, Linears linears) {
            Shape shape = new Shape(gain.value().length);
            return JniUtils.layerNorm((PtNDArray) x, shape, (PtNDArray) linears.parameter(gain, shape),
                    (PtNDArray) linears.parameter(bias, shape), NORM_EPSILON);
        }
    }

    private TransformerEncoder(TransformerSpec spec, List<LayerSpace> spaces, List<MixedLinear> layers,
            Parameter positions, List<Norm> norms) {
        super(spec, spaces, layers);
        this.spec = spec;
        this.positions = positions;
        this.norms = norms;
    }

    static TransformerEncoder fresh(TransformerSpec spec, List<LayerSpace> spaces, List<MixedLinear> layers,
            long seed) {
        Parameter positions = new Parameter("positions", spec.tokens() * spec.width());
        SplittableRandom random = new SplittableRandom(seed ^ POSITION_SEED);
        for (int i = 0; i < positions.value().length; i++) {
            positions.value()[i] = (float) (POSITION_DEVIATION * random.nextGaussian());
        }
        List<Norm> norms = new ArrayList<>();
        for (int i = 1; i <= spec.depth(); i++) {
            norms.add(Norm.of("layer" + i + ".attention.norm", spec.width()));
            norms.add(Norm.of("layer" + i + ".feedforward.norm", spec.width()));
        }
        norms.add(Norm.of("norm", spec.width()));
        return new TransformerEncoder(spec, spaces, layers, positions, List.copyOf(norms));
    }

    @Override
    TransformerEncoder with(List<LayerSpace> otherSpaces, List<MixedLinear> otherLayers) {
        return new TransformerEncoder(spec, otherSpaces, otherLayers, positions, norms);
    }

    @Override
    List<Parameter> plainParameters() {
        List<Parameter> parameters = new ArrayList<>(List.of(positions));
        norms.forEach(norm -> parameters.addAll(List.of(norm.gain, norm.bias)));
        return parameters;
    }

    @Override
    NDArray run(Tape tape, NDArray x, Linears linears) {
        long batch = x.getShape().get(0);
        long tokens = batch * spec.tokens();
        Iterator<MixedLinear> layers = layers().iterator();
        Iterator<Norm> norm = norms.iterator();
        NDArray embedded = linears.apply(layers.next(), x.reshape(tokens, spec.features()))
                .reshape(batch, spec.tokens(), spec.width())
                .add(linears.parameter(positions, new Shape(spec.tokens(), spec.width())));
        NDArray value = embedded.reshape(tokens, spec.width());
        for (int i = 0; i < spec.depth(); i++) {
            NDArray stream = linears.fork(value);
            List<MixedLinear> projections = List.of(layers.next(), layers.next(), layers.next());
            NDArray attended = attend(linears.apply(projections, norm.next().apply(stream, linears)));
            NDArray middle = linears.fork(stream.add(linears.apply(layers.next(), attended)));
            NDArray hidden = linears.apply(layers.next(), norm.next().apply(middle, linears));
            value = middle.add(linears.apply(layers.next(), Activations.apply(spec.activation(), hidden)));
        }
        NDArray mean = norm.next().apply(value, linears).reshape(batch, spec.tokens(), spec.width())
                .mean(new int[] {1});
        return linears.apply(layers.next(), mean);
    }

    /**
     * Scaled dot-product attention of several heads (Vaswani et al. 2017, section 3.2).
     *
     * @param projections queries, keys and values, {@code [batch * tokens, width]} each
     * @return {@code [batch * tokens, width]}
     */
    private NDArray attend(List<NDArray> projections) {
        NDArray queries = projections.getFirst();
        NDArray scaled = queries.mul(Constants.scalar(queries, 1 / Math.sqrt((double) spec.width() / spec.heads())));
        NDArray scores = heads(scaled).matMul(heads(projections.get(1)).swapAxes(2, 3)).softmax(3);
        return scores.matMul(heads(projections.get(2))).swapAxes(1, 2).reshape(-1, spec.width());
    }

    /** {@code [batch, heads, tokens, width / heads]}. */
    private NDArray heads(NDArray value) {
        return value.reshape(-1, spec.tokens(), spec.heads(), spec.width() / spec.heads()).swapAxes(1, 2);
    }
}
