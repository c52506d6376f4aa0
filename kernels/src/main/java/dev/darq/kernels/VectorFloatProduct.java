package dev.darq.kernels;

import static dev.darq.kernels.Shapes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The float32 product with one output row to a lane, the weights laid out as {@code [block][column][group in block][lane]}.
 * Blocks of two groups share each broadcast input and keep eight multiply-adds in flight.
 */
final class VectorFloatProduct implements FloatProduct {
    private static final int LANES = FLOATS.length();
    private static final int GROUPS = 2;

    private final int columns;
    private final int pairs;
    private final boolean single;
    private final float[] weights;
    private final float[] bias;

    VectorFloatProduct(Linear linear) {
        int rows = linear.weights().rows();
        columns = FloatProduct.padded(linear.weights().columns());
        int groups = Math.ceilDiv(rows, LANES);
        pairs = groups / GROUPS;
        single = groups % GROUPS != 0;
        bias = Arrays.copyOf(linear.bias(), groups * LANES);
        weights = new float[Math.multiplyExact(Math.multiplyExact(groups, LANES), columns)];
        float[] decoded = linear.weights().decode();
        int trueColumns = linear.weights().columns();
        for (int row = 0; row < rows; row++) {
            int group = row / LANES;
            int width = group < pairs * GROUPS ? GROUPS : 1;
            int to = group / GROUPS * GROUPS * columns * LANES + group % GROUPS * LANES + row % LANES;
            for (int column = 0; column < trueColumns; column++) {
                weights[to + column * width * LANES] = decoded[row * trueColumns + column];
            }
        }
    }

    @Override
    public void multiply(float[] x, float[] y, int at) {
        multiplyPairs(weights, bias, x, columns, pairs, y, at);
        if (single) {
            int group = pairs * GROUPS;
            multiplySingle(weights, group * columns * LANES, bias, group * LANES, x, columns, y, at + group * LANES);
        }
    }

    private static void multiplyPairs(float[] weights, float[] bias, float[] x, int columns, int pairs, float[] y,
            int at) {
        for (int pair = 0; pair < pairs; pair++) {
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            FloatVector b0 = a0;
            FloatVector b1 = a0;
            FloatVector b2 = a0;
            FloatVector b3 = a0;
            int first = pair * columns * GROUPS * LANES;
            for (int k = 0; k < columns; k += SUMS) {
                int from = first + k * GROUPS * LANES;
                FloatVector x0 = FloatVector.broadcast(FLOATS, x[k]);
                FloatVector x1 = FloatVector.broadcast(FLOATS, x[k + 1]);
                FloatVector x2 = FloatVector.broadcast(FLOATS, x[k + 2]);
                FloatVector x3 = FloatVector.broadcast(FLOATS, x[k + 3]);
                a0 = FloatVector.fromArray(FLOATS, weights, from).fma(x0, a0);
                b0 = FloatVector.fromArray(FLOATS, weights, from + LANES).fma(x0, b0);
                a1 = FloatVector.fromArray(FLOATS, weights, from + 2 * LANES).fma(x1, a1);
                b1 = FloatVector.fromArray(FLOATS, weights, from + 3 * LANES).fma(x1, b1);
                a2 = FloatVector.fromArray(FLOATS, weights, from + 4 * LANES).fma(x2, a2);
                b2 = FloatVector.fromArray(FLOATS, weights, from + 5 * LANES).fma(x2, b2);
                a3 = FloatVector.fromArray(FLOATS, weights, from + 6 * LANES).fma(x3, a3);
                b3 = FloatVector.fromArray(FLOATS, weights, from + 7 * LANES).fma(x3, b3);
            }
            int row = pair * GROUPS * LANES;
            FloatVector.fromArray(FLOATS, bias, row).add(a0.add(a1).add(a2.add(a3))).intoArray(y, at + row);
            FloatVector.fromArray(FLOATS, bias, row + LANES).add(b0.add(b1).add(b2.add(b3)))
                    .intoArray(y, at + row + LANES);
        }
    }

    private static void multiplySingle(float[] weights, int first, float[] bias, int row, float[] x, int columns,
            float[] y, int at) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        for (int k = 0; k < columns; k += SUMS) {
            int from = first + k * LANES;
            a0 = FloatVector.fromArray(FLOATS, weights, from).fma(FloatVector.broadcast(FLOATS, x[k]), a0);
            a1 = FloatVector.fromArray(FLOATS, weights, from + LANES).fma(FloatVector.broadcast(FLOATS, x[k + 1]), a1);
            a2 = FloatVector.fromArray(FLOATS, weights, from + 2 * LANES).fma(FloatVector.broadcast(FLOATS, x[k + 2]),
                    a2);
            a3 = FloatVector.fromArray(FLOATS, weights, from + 3 * LANES).fma(FloatVector.broadcast(FLOATS, x[k + 3]),
                    a3);
        }
        FloatVector.fromArray(FLOATS, bias, row).add(a0.add(a1).add(a2.add(a3))).intoArray(y, at);
    }
}
