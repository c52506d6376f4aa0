package dev.darq.quantizers;

import dev.darq.kernels.ActivationCode;
import dev.darq.kernels.WeightCode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A fake quantizer: a scheme at a bit width with its parameters, for the weights or the input activations of one linear
 * layer.
 *
 * <p>
 * Forward and backward run over one row of a row-major array at a time (an output channel of the weights, a sample of
 * the activations). The gradients are written out, each beside its formula, instead of being left to a framework's
 * autograd: one sweep over the data replaces a chain of a dozen elementwise passes, and what is differentiated is what
 * the paper says.
 *
 * <p>
 * A scheme sees units: ranges of values that share parameters, whatever the {@link Granularity}. Values that are not
 * finite: no parameter is ever set from them (a unit without a finite value is taken as a single 0); infinities get the
 * outermost levels and NaN the lowest, as in the kernels, and NaN has no gradient where a scheme clips. Only {@code float}
 * keeps them.
 */
public abstract class Quantizer implements State.Holder {
    /** Parts of the rows or units that may run at the same time, each adding up its own sums. */
    public static final int PARTS = 8;
    private static final float[] ZERO = {0};

    private final Place place;

    /**
     * What a quantizer is made for.
     *
     * @param candidate scheme and bits
     * @param role      what it quantizes
     * @param partition which values share parameters
     */
    record Place(Candidate candidate, Role role, Partition partition) {}

    Quantizer(Place place) {
        this.place = place;
    }

    /**
     * Creates an uninitialised quantizer.
     *
     * @param candidate scheme and bits
     * @param role      what it quantizes
     * @param rows      number of output channels; ignored for activations
     * @param columns   number of inputs; matters for groups of inputs alone
     * @param settings  options of the schemes
     * @throws IllegalArgumentException when the scheme does not quantize this role
     */
    public static Quantizer create(Candidate candidate, Role role, int rows, int columns, QuantizerSettings settings) {
        Scheme scheme = candidate.scheme();
        if (!scheme.roles().contains(role)) {
            throw new IllegalArgumentException(
                    "scheme '" + scheme.label() + "' is for " + scheme.roles() + ", not for " + role);
        }
        Granularity granularity = settings.granularity() == Granularity.PAPER
                ? scheme.weightGranularity()
                : settings.granularity();
        Partition partition = role == Role.WEIGHTS
                ? Partition.of(granularity, rows, columns, settings.groupSize())
                : Partition.WHOLE;
        return scheme.create(new Place(candidate, role, partition), settings);
    }

    /** Scheme and bits. */
    public final Candidate candidate() {
        return place.candidate;
    }

    /** What is quantized. */
    public final Role role() {
        return place.role;
    }

    final Partition partition() {
        return place.partition;
    }

    final int bits() {
        return place.candidate.bits();
    }

    final boolean isWeights() {
        return place.role == Role.WEIGHTS;
    }

    /** What was decided from data, for the allocation table: for example {@code unsigned}; empty when nothing was. */
    public String variant() {
        return "";
    }

    /**
     * Sets the parameters from data. Units are independent of each other and set in parallel, with the same result
     * whatever the number of threads.
     *
     * @param data    row-major {@code [rows, columns]}: the weights, or calibration activations
     * @param rows    number of rows
     * @param columns number of columns
     */
    public void initialize(float[] data, int rows, int columns) {
        IntStream.range(0, place.partition.units()).parallel()
                .forEach(unit -> visitFinite(unit, data, rows, columns, this::fit));
    }

    /**
     * Fits activations whose layer is fed by layers that are quantized already: the quantized values of {@code data} shall
     * come near {@code target}, what the layer would see if nothing were quantized. A scheme that cannot tell the two
     * apart is set from {@code data}.
     *
     * @param data    row-major {@code [rows, columns]}: what is quantized
     * @param target  row-major {@code [rows, columns]}: what it stands for
     * @param rows    number of rows
     * @param columns number of columns
     */
    public void refit(float[] data, float[] target, int rows, int columns) {
        initialize(data, rows, columns);
    }

    /** Sets the parameters of a unit from finite values, at least one. Runs beside other units. */
    abstract void fit(int unit, float[] data, int from, int length);

    /**
     * Follows data without gradients, before a forward pass: scales that are functions of the data, and in training the
     * running statistics.
     *
     * @param data     row-major {@code [rows, columns]}
     * @param rows     number of rows
     * @param columns  number of columns
     * @param training whether running statistics move
     */
    public final void observe(float[] data, int rows, int columns, boolean training) {
        startObserving(rows, columns, training);
        for (int part = 0; part < PARTS && follows(training); part++) {
            observe(part, data, rows, columns);
        }
    }

    /** The part of {@link #observe} that needs no data; comes first. */
    public void startObserving(int rows, int columns, boolean training) {}

    /** Whether {@link #observe} reads the data. */
    public boolean follows(boolean training) {
        return false;
    }

    /**
     * A part's share of {@link #observe}, for those that follow the data: some of the units, or nothing.
     *
     * @param part 0 to {@link #PARTS} - 1; parts may run at the same time
     */
    public final void observe(int part, float[] data, int rows, int columns) {
        int units = place.partition.units();
        for (int unit = part * units / PARTS; unit < (part + 1) * units / PARTS; unit++) {
            visitFinite(unit, data, rows, columns, this::follow);
        }
    }

    /** Follows the finite values of a unit, at least one. Runs beside other units. */
    void follow(int unit, float[] data, int from, int length) {}

    private interface UnitVisitor {
        void visit(int unit, float[] data, int from, int length);
    }

    private void visitFinite(int unit, float[] data, int rows, int columns, UnitVisitor visitor) {
        int from = place.partition.from(unit, columns);
        int length = place.partition.length(unit, rows, columns);
        if (length > 0 && Statistics.areFinite(data, from, length)) {
            visitor.visit(unit, data, from, length);
            return;
        }
        float[] finite = new float[length];
        int count = 0;
        for (float value : Arrays.copyOfRange(data, from, from + length)) {
            if (Float.isFinite(value)) {
                finite[count++] = value;
            }
        }
        visitor.visit(unit, count > 0 ? finite : ZERO, 0, Math.max(count, 1));
    }

    /**
     * Fake-quantizes a row: {@code quantized[from..from+length) = Q(data[from..from+length))}.
     *
     * @param row       index of the output channel; of no meaning for activations
     * @param data      values
     * @param quantized receives the quantized values at the same positions
     */
    public void forward(int row, float[] data, int from, int length, float[] quantized) {
        int unit = place.partition.firstUnit(row);
        int size = place.partition.groups() == 1 ? length : place.partition.groupSize();
        for (int at = 0; at < length; at += size) {
            quantize(unit++, data, from + at, Math.min(size, length - at), quantized);
        }
    }

    /** {@link #forward} for values of one unit that lie in one row. */
    abstract void quantize(int unit, float[] data, int from, int length, float[] quantized);

    /**
     * Adds the gradients of a row: of the data to {@code dataGradient}, of the learned parameters to theirs.
     *
     * @param row          index of the output channel
     * @param data         the values given to {@link #forward}
     * @param gradient     gradient of the loss by the quantized values
     * @param weight       factor on {@code gradient} (the candidate's probability in a mixture)
     * @param dataGradient receives the straight-through gradient by the data
     */
    public final void backward(int row, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        backward(0, row, data, from, length, gradient, weight, dataGradient);
    }

    /**
     * As above, beside the rows of other parts.
     *
     * @param part 0 to {@link #PARTS} - 1: rows of different parts may be taken at the same time
     */
    public final void backward(int part, int row, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient) {
        int unit = place.partition.firstUnit(row);
        int size = place.partition.groups() == 1 ? length : place.partition.groupSize();
        for (int at = 0; at < length; at += size) {
            differentiate(part, unit++, data, from + at, Math.min(size, length - at), gradient, weight, dataGradient);
        }
    }

    /** {@link #backward} for values of one unit that lie in one row. */
    abstract void differentiate(int part, int unit, float[] data, int from, int length, float[] gradient, float weight,
            float[] dataGradient);

    /** Whether rows may be taken together as one: the values of all of them share all parameters. */
    public boolean rowsAreAlike() {
        return place.partition.units() == 1;
    }

    /** Called once after the rows of a tensor went through {@link #backward}: completes the parameters' gradients. */
    public void finishBackward(int rows, int columns) {}

    /** What all parts have added up for a unit. */
    static double sum(double[][] parts, int unit) {
        double sum = 0;
        for (double[] part : parts) {
            sum += part[unit];
        }
        return sum;
    }

    /** Parameters trained by gradient, one value a unit each; empty for schemes that have none. */
    public List<Parameter> parameters() {
        return List.of();
    }

    /** Brings parameters back to where they are defined (scales positive) after an optimizer step. */
    public void constrain() {}

    /** Scales, bases and the like that are not trained by gradient; not live. */
    public float[] statistics() {
        return new float[0];
    }

    /**
     * Puts the learned parameters; a scheme adds what else it keeps between two steps. Gradients are no part of it: they
     * are clear then.
     */
    @Override
    public void save(State state) {
        parameters().forEach(parameter -> parameter.save(state.under(parameter.name())));
    }

    @Override
    public void restore(State state) {
        parameters().forEach(parameter -> parameter.restore(state.under(parameter.name())));
    }

    /**
     * Freezes a weight matrix to the code the kernels run; it decodes to the fake-quantized values, bit for bit.
     *
     * @param weights row-major {@code [rows, columns]}
     */
    public WeightCode freezeWeights(float[] weights, int rows, int columns) {
        observe(weights, rows, columns, false);
        return new WeightFreezer(place.partition, rows, columns).freeze(bits(), weights, this::codebook);
    }

    /** The levels of a unit of weights, with the present parameters. */
    Codebook codebook(int unit) {
        throw new IllegalStateException(place.candidate + " has no codes for weights");
    }

    /** Freezes the activations' encoder to the one the kernels run. */
    public ActivationCode freezeActivations() {
        throw new IllegalStateException(place.candidate + " does not quantize activations");
    }
}
