package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Constants in a differentiated graph must survive a garbage collection between forward and backward. */
class ConstantsTest {
    private static final int OPERATIONS = 50;

    @Test
    void aScalarSurvivesACollectionBetweenForwardAndBackward() {
        assertArrayEquals(new float[] {3, 3, 3, 3}, gradientAfterCollection(x -> x.mul(Constants.scalar(x, 3))), 0);
        assertArrayEquals(new float[] {0.25f, 0.25f, 0.25f, 0.25f},
                gradientAfterCollection(x -> x.div(Constants.scalar(x, 4))), 0);
        assertArrayEquals(new float[] {0, 0, 1, 1}, gradientAfterCollection(x -> x.maximum(Constants.scalar(x, 2.5))),
                0);
    }

    @Test
    void aCopiedArraySurvivesACollectionBetweenForwardAndBackward() {
        float[] values = {5, -6, 7, 0.125f};
        assertArrayEquals(values, gradientAfterCollection(
                x -> x.mul(Constants.copy(x.getManager(), values.clone(), new Shape(4)))), 0);
    }

    /**
     * Documents why {@link Constants} exists: DJL's overload for Java numbers leaves a graph that refers to freed
     * memory. Skipped where the freed memory happens to be kept.
     */
    @Test
    void theNumberOverloadReadsFreedMemory() {
        float[] gradient = gradientAfterCollection(x -> x.mul(3));
        boolean right = true;
        for (float value : gradient) {
            right &= value == 3;
        }
        assumeTrue(!right, "the freed constant was not overwritten this time");
    }

    /** Mean gradient by x = (1, 2, 3, 4) of many graphs, all built before the collection and differentiated after. */
    private static float[] gradientAfterCollection(UnaryOperator<NDArray> operation) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = manager.create(new Shape(4));
            Constants.copy(manager, new float[] {1, 2, 3, 4}, new Shape(4)).copyTo(x);
            x.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray sum = operation.apply(x);
                for (int k = 1; k < OPERATIONS; k++) {
                    sum = sum.add(operation.apply(x));
                }
                NDArray loss = sum.sum();
                ForcedCollection.run();
                collector.backward(loss);
            }
            float[] gradient = new float[4];
            Constants.read(x.getGradient(), gradient);
            for (int i = 0; i < 4; i++) {
                gradient[i] /= OPERATIONS;
            }
            return gradient;
        }
    }

    @Test
    void aScalarHasNoAxesAndTheValueRoundedToFloat32() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray scalar = Constants.scalar(manager.zeros(new Shape(2, 3)), 0.1);
            assertEquals(new Shape(), scalar.getShape());
            assertEquals(DataType.FLOAT32, scalar.getDataType());
            assertEquals(0.1f, scalar.getFloat());
        }
    }

    @Test
    void aCopyDoesNotFollowTheJavaArrayAndMayBeShorter() {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] values = {1, 2, 3, 4, 5, 6, 7};
            NDArray copy = Constants.copy(manager, values, new Shape(2, 3));
            java.util.Arrays.fill(values, 9);
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, copy.toFloatArray());
            assertEquals(new Shape(2, 3), copy.getShape());
        }
    }

    @Test
    void tooFewValuesAreRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThrows(RuntimeException.class, () -> Constants.copy(manager, new float[5], new Shape(2, 3)));
        }
    }

    @Test
    void readingFillsTheStartAndLeavesTheRest() {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] target = {9, 9, 9, 9};
            Constants.read(Constants.copy(manager, new float[] {1, 2, 3}, new Shape(3)), target);
            assertArrayEquals(new float[] {1, 2, 3, 9}, target);
        }
    }

    /** Views share the memory of what they are taken from, in another order: what counts is the view's order. */
    @Test
    void arraysThatAreNotContiguousAreReadInTheirLogicalOrder() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = Constants.copy(manager, new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
            List<NDArray> views = List.of(array.transpose(), array.swapAxes(0, 1), array.get(new NDIndex(":, 1:")),
                    array.get(new NDIndex(":, 0")), array.get(new NDIndex("1")), array.get(new NDIndex(":, ::2")),
                    array.sum(new int[] {0}, true).broadcast(new Shape(2, 3)), array.transpose().reshape(3, 2));
            float[][] expected = {{1, 4, 2, 5, 3, 6}, {1, 4, 2, 5, 3, 6}, {2, 3, 5, 6}, {1, 4}, {4, 5, 6}, {1, 3, 4, 6},
                    {5, 7, 9, 5, 7, 9}, {1, 4, 2, 5, 3, 6}};
            for (int k = 0; k < expected.length; k++) {
                float[] values = new float[expected[k].length];
                Constants.read(views.get(k), values);
                assertArrayEquals(expected[k], values, "view " + k);
            }
        }
    }

    @Test
    void aTargetThatIsTooSmallIsRefusedWithBothSizes() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.zeros(new Shape(2, 3));
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                    () -> Constants.read(array, new float[5]));
            assertEquals("an array of 6 values does not fit 5", refusal.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT64", "INT32", "INT64", "FLOAT16"})
    void otherTypesAreRefusedInsteadOfReadAsFloats(String type) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.ones(new Shape(3), DataType.valueOf(type));
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                    () -> Constants.read(array, new float[3]));
            assertEquals("expected an array of float32, got " + array.getDataType(), refusal.getMessage());
        }
    }
}
