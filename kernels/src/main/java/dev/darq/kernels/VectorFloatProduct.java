package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * The float32 product with one output row to a lane, the weights laid out as {@code [pair of groups][column][group][lane]};
 * an odd group at the end has no partner. Enough multiply-adds are kept in flight to hide their latency: four groups at a
 * time for one sample; two groups for four samples, which share each loaded weight.
 */
final class VectorFloatProduct extends FloatProduct {
    private static final int LANES = FLOATS.length();
    private static final int PAIR = 2 * LANES;
    private static final int GROUPS_PER_PIECE = 4;
    /** Samples that share a loaded weight. */
    private static final int SAMPLES = 4;

    private final int groups;
    private final float[] weights;
    private final float[] bias;

    VectorFloatProduct(Linear linear, ElementKernel rounding) {
        super(linear, rounding);
        groups = Math.ceilDiv(rows, LANES);
        bias = Arrays.copyOf(linear.bias(), groups * LANES);
        weights = new float[Math.multiplyExact(Math.multiplyExact(groups, LANES), columns)];
        float[] decoded = linear.weights().decode();
        for (int row = 0; row < rows; row++) {
            int width = isAlone(row / LANES) ? LANES : PAIR;
            int to = row / PAIR * PAIR * columns + row % PAIR;
            for (int column = 0; column < columns; column++) {
                weights[to + column * width] = decoded[row * columns + column];
            }
        }
    }

    /** Whether a group is the last of an odd number. */
    private boolean isAlone(int group) {
        return group == groups - 1 && groups % 2 == 1;
    }

    @Override
    public int pieces(int samples) {
        return Math.ceilDiv(groups, GROUPS_PER_PIECE);
    }

    @Override
    public long nanos(int samples) {
        return Kernel.FLOAT32.nanos(32, 32, columns, rows, samples);
    }

    @Override
    public void multiply(int from, int to, int samples, Scratch scratch, Scratch.Own own,
            @Nullable ElementKernel function, float[] y, int yStride) {
        int last = Math.min(groups, to * GROUPS_PER_PIECE);
        for (int first = from * GROUPS_PER_PIECE; first < last; first += GROUPS_PER_PIECE) {
            int end = Math.min(last, first + GROUPS_PER_PIECE);
            int sample = 0;
            for (; sample + SAMPLES <= samples; sample += SAMPLES) {
                multiplyFour(first, end, scratch.rounded, sample * columns, y, sample * yStride, yStride);
            }
            for (; sample < samples; sample++) {
                multiplyOne(first, end, scratch.rounded, sample * columns, y, sample * yStride);
            }
            for (int s = 0; s < samples; s++) {
                finish(function, y, s * yStride, first * LANES, end * LANES);
            }
        }
    }

    private void multiplyFour(int first, int end, float[] x, int xAt, float[] y, int at, int stride) {
        int group = first;
        for (; group + 1 < end; group += 2) {
            int row = group * LANES;
            fourSamples(weights, row * columns, bias, row, x, xAt, columns, y, at + row, stride);
        }
        for (int s = 0; s < SAMPLES && group < end; s++) {
            multiplyOne(group, end, x, xAt + s * columns, y, at + s * stride);
        }
    }

    private void multiplyOne(int first, int end, float[] x, int xAt, float[] y, int at) {
        int row = first * LANES;
        int w = row * columns;
        if (end - first == 3) {
            multiplyOne(first, first + 2, x, xAt, y, at);
            multiplyOne(first + 2, end, x, xAt, y, at);
        } else {
            groups(end - first, weights, w, bias, row, x, xAt, columns, y, at + row);
        }
    }

    /**
     * One, two or four groups of one sample. One method, since it is then too large (325 bytecodes) to be inlined into its
     * callers, where the compiler now and then leaves vectors in memory as objects.
     */
    private static void groups(int count, float[] weights, int first, float[] bias, int row, float[] x, int xAt,
            int columns, float[] y, int at) {
        switch (count) {
            case 1 -> {
                FloatVector a0 = FloatVector.fromArray(FLOATS, bias, row);
                for (int k = 0; k < columns; k++) {
                    int from = first + k * LANES;
                    FloatVector w0 = FloatVector.fromArray(FLOATS, weights, from);
                    FloatVector x0 = FloatVector.broadcast(FLOATS, x[xAt + k]);
                    a0 = w0.fma(x0, a0);
                }
                a0.intoArray(y, at);
            }
            case 2 -> {
                FloatVector a0 = FloatVector.fromArray(FLOATS, bias, row);
                FloatVector b0 = FloatVector.fromArray(FLOATS, bias, row + LANES);
                for (int k = 0; k < columns; k++) {
                    int from = first + k * PAIR;
                    FloatVector w0 = FloatVector.fromArray(FLOATS, weights, from);
                    FloatVector w1 = FloatVector.fromArray(FLOATS, weights, from + LANES);
                    FloatVector x0 = FloatVector.broadcast(FLOATS, x[xAt + k]);
                    a0 = w0.fma(x0, a0);
                    b0 = w1.fma(x0, b0);
                }
                a0.intoArray(y, at);
                b0.intoArray(y, at + LANES);
            }
            default -> {
                FloatVector a0 = FloatVector.fromArray(FLOATS, bias, row);
                FloatVector b0 = FloatVector.fromArray(FLOATS, bias, row + LANES);
                FloatVector c0 = FloatVector.fromArray(FLOATS, bias, row + 2 * LANES);
                FloatVector d0 = FloatVector.fromArray(FLOATS, bias, row + 3 * LANES);
                for (int k = 0; k < columns; k++) {
                    int from = first + k * PAIR;
                    FloatVector w0 = FloatVector.fromArray(FLOATS, weights, from);
                    FloatVector w1 = FloatVector.fromArray(FLOATS, weights, from + LANES);
                    from += columns * PAIR;
                    FloatVector w2 = FloatVector.fromArray(FLOATS, weights, from);
                    FloatVector w3 = FloatVector.fromArray(FLOATS, weights, from + LANES);
                    FloatVector x0 = FloatVector.broadcast(FLOATS, x[xAt + k]);
                    a0 = w0.fma(x0, a0);
                    b0 = w1.fma(x0, b0);
                    c0 = w2.fma(x0, c0);
                    d0 = w3.fma(x0, d0);
                }
                a0.intoArray(y, at);
                b0.intoArray(y, at + LANES);
                c0.intoArray(y, at + 2 * LANES);
                d0.intoArray(y, at + 3 * LANES);
            }
        }
    }

    private static void fourSamples(float[] weights, int first, float[] bias, int row, float[] x, int xAt, int columns,
            float[] y, int at, int stride) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, bias, row);
        FloatVector b0 = FloatVector.fromArray(FLOATS, bias, row + LANES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b1 = b0;
        FloatVector b2 = b0;
        FloatVector b3 = b0;
        for (int k = 0; k < columns; k++) {
            int from = first + k * PAIR;
            FloatVector w0 = FloatVector.fromArray(FLOATS, weights, from);
            FloatVector w1 = FloatVector.fromArray(FLOATS, weights, from + LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, x[xAt + k]);
            a0 = w0.fma(x0, a0);
            b0 = w1.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(FLOATS, x[xAt + k + columns]);
            a1 = w0.fma(x1, a1);
            b1 = w1.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(FLOATS, x[xAt + k + 2 * columns]);
            a2 = w0.fma(x2, a2);
            b2 = w1.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(FLOATS, x[xAt + k + 3 * columns]);
            a3 = w0.fma(x3, a3);
            b3 = w1.fma(x3, b3);
        }
        a0.intoArray(y, at);
        b0.intoArray(y, at + LANES);
        a1.intoArray(y, at + stride);
        b1.intoArray(y, at + stride + LANES);
        a2.intoArray(y, at + 2 * stride);
        b2.intoArray(y, at + 2 * stride + LANES);
        a3.intoArray(y, at + 3 * stride);
        b3.intoArray(y, at + 3 * stride + LANES);
    }
}
