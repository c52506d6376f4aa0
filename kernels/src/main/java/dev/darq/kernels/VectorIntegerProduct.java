package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;
import static dev.darq.kernels.Shapes.INTS;
import static dev.darq.kernels.Shapes.SHORTS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The integer product of two evenly spaced codes, {@link FoldedProduct}'s third form by multiplication instead of popcount:
 * better where the pairs of planes are many.
 *
 * <p>Codes are centred, {@code w = u - 2^(K-1)}, and kept as a byte a weight and a short an input; {@code 2u - (2^K - 1) = 2w +
 * 1} turns {@code M = sum w x} into {@code T = 4 M + 2 sum w + X}. One output row to a lane: products are added up in 16-bit
 * lanes as long as they cannot overflow ({@link IntegerRun}), then widened. Two digits of an input are multiplied as if they
 * were two inputs.
 *
 * <p>Weights: {@code [pair of groups][column][group][lane]}. The row of a lane is the one it has after widening: the 16-bit
 * lanes 2i and 2i+1 of a group are the low and the high half of lane i of 32 bits, rows i and {@code lanes / 2 + i}.
 */
final class VectorIntegerProduct implements RowProduct {
    /** Up to this many centred codes are multiplied by one vector. */
    private static final int GROUP = SHORTS.length();
    private static final int PAIR = IntegerDots.PAIR;

    private final FoldedProduct folded;
    private final IntegerEncoder encoder;
    private final int run;
    private final int digits;
    private final int pairs;
    private final byte[] weights;
    /** {@code 2 sum w}, [padded rows]. */
    private final int[] weightSums;
    private final float[] scale;
    private final float[] offset;
    private final float[] bias;

    VectorIntegerProduct(FoldedProduct folded, UniformActivation input) {
        if (!folded.even) {
            throw new IllegalArgumentException("expected two evenly spaced codes");
        }
        this.folded = folded;
        IntegerRun run = IntegerRun.of(folded.weights.bits(), input.bits());
        this.run = run.columns();
        digits = run.digits();
        encoder = IntegerEncoder.centred(input, run.split());
        pairs = Math.ceilDiv(folded.rows, PAIR);
        scale = Arrays.copyOf(folded.scale, pairs * PAIR);
        offset = Arrays.copyOf(folded.weights.offset(), pairs * PAIR);
        bias = Arrays.copyOf(folded.bias, pairs * PAIR);
        weightSums = new int[pairs * PAIR];
        weights = new byte[Math.multiplyExact(Math.multiplyExact(pairs, PAIR), folded.columns)];
        int zero = 1 << folded.weights.bits() - 1;
        for (int row = 0; row < folded.rows; row++) {
            int inGroup = row % GROUP;
            int lane = inGroup < GROUP / 2 ? 2 * inGroup : 2 * (inGroup - GROUP / 2) + 1;
            int to = row / PAIR * PAIR * folded.columns + row % PAIR / GROUP * GROUP + lane;
            for (int column = 0; column < folded.columns; column++) {
                int centred = folded.weights.code(row, column) - zero;
                weights[to + column * PAIR] = (byte) centred;
                weightSums[row] += 2 * centred;
            }
        }
    }

    @Override
    public int columns() {
        return folded.columns;
    }

    @Override
    public int rows() {
        return folded.rows;
    }

    @Override
    public Kernel kernel() {
        return Kernel.INTEGER;
    }

    @Override
    public void reserve(Scratch.Needs needs, int samples) {
        needs.codes((long) samples * digits * folded.columns);
        needs.inputSums(samples);
        needs.partial(IntegerDots.MOST_INPUTS * PAIR);
        needs.sums(samples * PAIR);
    }

    @Override
    public void encode(float[] x, int xAt, int xStride, int samples, Scratch scratch) {
        int length = digits * folded.columns;
        for (int sample = 0; sample < samples; sample++) {
            int sum = encoder.encode(x, xAt + sample * xStride, folded.columns, scratch.codes, sample * length);
            int whole = 2 * sum + folded.columns;
            scratch.inputSums[sample] = folded.evenInputSum(whole);
            scratch.wholeSums[sample] = whole;
        }
    }

    @Override
    public int pieces(int samples) {
        return pairs;
    }

    @Override
    public long nanos(int samples) {
        return Kernel.INTEGER.nanos(folded.weights.bits(), folded.inputBits, folded.columns, folded.rows, samples);
    }

    @Override
    public void multiply(int from, int to, int samples, Scratch scratch, Scratch.Own own,
            @Nullable ElementKernel function, float[] y, int yStride) {
        for (int pair = from; pair < to; pair++) {
            Arrays.fill(own.sums, 0, samples * PAIR, 0);
            for (int column = 0; column < folded.columns; column += run) {
                int end = Math.min(folded.columns, column + run);
                multiplyRun(pair, column, end, samples * digits, scratch.codes, own);
            }
            for (int sample = 0; sample < samples; sample++) {
                combine(pair, own.sums, sample, scratch, y, sample * yStride);
                finish(function, y, sample * yStride, pair * PAIR, (pair + 1) * PAIR);
            }
        }
    }

    /** All inputs (samples, or their digits) against some columns of one pair. */
    private void multiplyRun(int pair, int from, int to, int inputs, short[] x, Scratch.Own own) {
        int w = pair * PAIR * folded.columns + from * PAIR;
        int count;
        for (int input = 0; input < inputs; input += count) {
            int at = input * folded.columns + from;
            count = Math.min(IntegerDots.MOST_INPUTS, Integer.highestOneBit(inputs - input));
            IntegerDots.inputs(count, weights, w, x, at, to - from, folded.columns, own.partial);
            if (digits == 1) {
                IntegerDots.widen(own.partial, count, own.sums, input * PAIR);
            } else {
                IntegerDots.widenDigits(own.partial, count / 2, own.sums, input / 2 * PAIR);
            }
        }
    }

    private void combine(int pair, int[] sums, int sample, Scratch scratch, float[] y, int at) {
        FloatVector inputSum = FloatVector.broadcast(FLOATS, scratch.inputSums[sample]);
        int whole = scratch.wholeSums[sample];
        for (int i = 0; i < PAIR; i += INTS.length()) {
            int row = pair * PAIR + i;
            IntVector total = IntVector.fromArray(INTS, sums, sample * PAIR + i).lanewise(VectorOperators.LSHL, 2)
                    .add(IntVector.fromArray(INTS, weightSums, row)).add(whole);
            FloatVector sum = FloatVector.fromArray(FLOATS, offset, row).fma(inputSum,
                    FloatVector.fromArray(FLOATS, bias, row));
            FloatVector product = (FloatVector) total.convertShape(VectorOperators.I2F, FLOATS, 0);
            FloatVector.fromArray(FLOATS, scale, row).fma(product, sum).intoArray(y, at + row);
        }
    }
}
