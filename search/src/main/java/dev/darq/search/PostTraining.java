package dev.darq.search;

import dev.darq.kernels.Activation;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatActivation;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.WeightCode;
import dev.darq.quantizers.Candidate;
import dev.darq.quantizers.Granularity;
import dev.darq.quantizers.Quantizer;
import dev.darq.quantizers.Role;
import dev.darq.quantizers.Scheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Quantizes a trained network without training (formulas.md, "Post-training mode"; thesis on LQFullyConnected), layer by
 * layer: weights are fitted per channel, activations on the inputs that the float32 network's layer sees (first phase) and
 * then on those that the layers quantized before produce, against the former (second phase). At the end of each layer slope
 * and bias of every channel are fitted to the float32 layer's outputs. As an option, weights are fitted to these outputs
 * instead of to the weights ({@link ErrorCompensation}).
 */
public final class PostTraining {
    private static final int CALIBRATION_ORDER = -3;

    private final PostTrainingSettings settings;
    private final Progress progress;
    private final List<Operation> operations = new ArrayList<>();
    private final List<LayerErrors> errors = new ArrayList<>();

    private PostTraining(PostTrainingSettings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /** Follows the work. */
    @FunctionalInterface
    public interface Progress {
        /**
         * A layer is done.
         *
         * @param layer  its name
         * @param done   linear layers done
         * @param layers linear layers in all
         */
        void layer(String layer, int done, int layers);
    }

    /**
     * A quantized network.
     *
     * @param model  the packed model
     * @param layers the errors of its linear layers
     */
    public record Result(PackedModel model, List<LayerErrors> layers) {
        /** Copies the list. */
        public Result {
            layers = List.copyOf(layers);
        }
    }

    /**
     * Quantizes a network.
     *
     * @param network  a packed model whose layers are all float
     * @param examples what calibration examples are taken from; their labels are not used
     * @param settings one choice for each linear layer
     * @param metadata what the packed model shall say about where it comes from
     * @throws IllegalArgumentException if the network is not float, if the settings do not fit it, or if errors are to be
     *                                  compensated for weights that are no binary codes of whole channels
     */
    public static Result quantize(PackedModel network, Examples examples, PostTrainingSettings settings,
            Map<String, String> metadata, Progress progress) {
        check(network, settings);
        if (examples.width() != network.inputs()) {
            throw new IllegalArgumentException(
                    "expected examples of " + network.inputs() + " features, got " + examples.width());
        }
        PostTraining work = new PostTraining(settings, progress);
        work.run(network, examples, settings.layers().size());
        return new Result(new PackedModel(work.operations, metadata), work.errors);
    }

    /**
     * Refuses settings that do not fit a network.
     *
     * @throws IllegalArgumentException as {@link #quantize}
     */
    public static void check(PackedModel network, PostTrainingSettings settings) {
        List<Linear> layers = linears(network);
        if (layers.size() != settings.layers().size()) {
            throw new IllegalArgumentException("expected choices for " + layers.size() + " linear layers, got "
                    + settings.layers().size());
        }
        boolean grouped = settings.quantizers().granularity() == Granularity.GROUP;
        for (int i = 0; settings.errorCompensation() && i < layers.size(); i++) {
            Candidate weights = settings.layers().get(i).weights();
            if (weights.scheme() != Scheme.FLOAT && (grouped || !weights.isCoded())) {
                throw new IllegalArgumentException("layer " + layers.get(i).name()
                        + ": errors are compensated for codes of at most 8 bits and whole channels, got " + weights
                        + (grouped ? " in groups of inputs" : ""));
            }
        }
    }

    /** The linear layers of a float network. */
    public static List<Linear> linears(PackedModel network) {
        List<Linear> layers = new ArrayList<>();
        for (Operation operation : network.operations()) {
            if (operation instanceof Linear linear) {
                if (!(linear.weights() instanceof FloatWeights && linear.input() instanceof FloatActivation)) {
                    throw new IllegalArgumentException("layer " + linear.name() + " has " + linear.weights().bits()
                            + "-bit weights and " + linear.input().bits()
                            + "-bit inputs, expected a float32 network");
                }
                layers.add(linear);
            }
        }
        return layers;
    }

    private void run(PackedModel network, Examples examples, int layers) {
        int samples = Math.min(settings.calibration(), examples.size());
        int[] order = Batch.shuffled(examples.size(), settings.seed(), CALIBRATION_ORDER);
        float[] exact = Batch.of(examples, order, 0, samples).features();
        float[] reached = exact;
        for (Operation operation : network.operations()) {
            switch (operation) {
                case Activation activation -> {
                    operations.add(activation);
                    exact = DecodedNetwork.applied(activation, exact);
                    reached = DecodedNetwork.applied(activation, reached);
                }
                case Linear linear -> {
                    float[] wanted = LinearRun.outputs(linear, exact, samples);
                    Linear quantized = quantize(linear, settings.layers().get(errors.size()),
                            new Calibration(exact, reached, wanted, samples));
                    operations.add(quantized);
                    exact = wanted;
                    reached = LinearRun.outputs(quantized, reached, samples);
                    LayerErrors uncorrected = errors.removeLast();
                    errors.add(new LayerErrors(uncorrected.layer(), uncorrected.choice(), uncorrected.weights(),
                            uncorrected.activations(), uncorrected.outputs(), LayerErrors.decibels(wanted, reached)));
                    progress.layer(linear.name(), errors.size(), layers);
                }
            }
        }
    }

    /** What a layer is calibrated on: inputs of the float32 network, those reached by quantized layers, outputs. */
    private record Calibration(float[] exact, float[] reached, float[] wanted, int samples) {}

    private Linear quantize(Linear layer, LayerCandidates choice, Calibration data) {
        Quantizer activations = activations(layer, choice, data);
        float[] inputs = LinearRun.quantized(activations.freezeActivations(), data.reached, data.samples);
        WeightCode weights = weights(layer, choice, inputs, data);
        Linear plain = new Linear(layer.name(), weights, activations.freezeActivations(), layer.bias());
        float[] outputs = LinearRun.outputs(plain, data.reached, data.samples);
        double before = LayerErrors.decibels(data.wanted, outputs);
        errors.add(new LayerErrors(layer.name(), choice,
                LayerErrors.decibels(layer.weights().decode(), weights.decode()),
                LayerErrors.decibels(data.exact, inputs), before, before));
        return settings.channelCorrection()
                ? ChannelCorrection.fit(outputs, data.wanted, weights.rows(), ChannelCorrection.canSlope(weights))
                        .applied(plain)
                : plain;
    }

    /** The better of the two phases. */
    private Quantizer activations(Linear layer, LayerCandidates choice, Calibration data) {
        int columns = layer.weights().columns();
        Quantizer first = fitted(choice, data, columns);
        Quantizer second = fitted(choice, data, columns);
        second.refit(data.reached, data.exact, data.samples, columns);
        return error(second, data) <= error(first, data) ? second : first;
    }

    private Quantizer fitted(LayerCandidates choice, Calibration data, int columns) {
        Quantizer quantizer = Quantizer.create(choice.activations(), Role.ACTIVATIONS, 1, columns,
                settings.quantizers());
        quantizer.initialize(data.exact, data.samples, columns);
        return quantizer;
    }

    private static double error(Quantizer quantizer, Calibration data) {
        return -LayerErrors.decibels(data.exact,
                LinearRun.quantized(quantizer.freezeActivations(), data.reached, data.samples));
    }

    private WeightCode weights(Linear layer, LayerCandidates choice, float[] inputs, Calibration data) {
        int rows = layer.weights().rows();
        int columns = layer.weights().columns();
        float[] values = layer.weights().decode();
        Quantizer quantizer = Quantizer.create(choice.weights(), Role.WEIGHTS, rows, columns, settings.quantizers());
        quantizer.initialize(values, rows, columns);
        WeightCode nearest = quantizer.freezeWeights(values, rows, columns);
        if (!settings.errorCompensation() || !(nearest instanceof BinaryCode code)) {
            return nearest;
        }
        Scheme scheme = choice.weights().scheme();
        boolean learned = scheme == Scheme.LQ || scheme == Scheme.LQ_GRADIENT;
        return ErrorCompensation.of(inputs, data.wanted, values, data.samples, columns).compensate(code, learned);
    }
}
