package dev.darq.quantizers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The only way constants and Java arrays enter a computation that is differentiated.
 *
 * <p>
 * DJL's PyTorch engine wraps Java memory without copying in {@code x.mul(Number)}, {@code div(Number)}, {@code pow},
 * {@code maximum/minimum(Number)} and {@code manager.create(float[])}. Once the wrapper is garbage, the collector frees
 * the memory although libtorch's graph still refers to it, and backward silently reads something else. Arrays made here
 * own their memory.
 */
public final class Constants {
    private Constants() {}

    /**
     * A scalar constant beside an array.
     *
     * @param like  the array whose manager owns the constant
     * @param value the value, rounded to float32
     * @return an array of shape {@code []}
     */
    public static NDArray scalar(NDArray like, double value) {
        return like.getManager().full(new Shape(), (float) value, DataType.FLOAT32);
    }

    /**
     * A copy of Java values in libtorch's own memory.
     *
     * @param values at least as many values as the shape has
     */
    public static NDArray copy(NDManager manager, float[] values, Shape shape) {
        NDArray array = manager.create(shape, DataType.FLOAT32);
        int count = Math.toIntExact(shape.size());
        MemorySegment.copy(values, 0, memory(array), ValueLayout.JAVA_FLOAT, 0, count);
        return array;
    }

    /**
     * Reads a float32 array in its logical order into the start of {@code values}. An array that is not contiguous is
     * copied first, and the copy stays with the array's manager.
     *
     * @throws IllegalArgumentException if the array is not float32 or does not fit
     */
    public static void read(NDArray array, float[] values) {
        if (array.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException("expected an array of float32, got " + array.getDataType());
        }
        int count = Math.toIntExact(array.size());
        if (count > values.length) {
            throw new IllegalArgumentException("an array of " + count + " values does not fit " + values.length);
        }
        MemorySegment.copy(memory(array), ValueLayout.JAVA_FLOAT, 0, values, 0, count);
    }

    /**
     * The memory of a contiguous array itself, to be used only as long as the array is open; of any other array, a copy.
     */
    public static MemorySegment memory(NDArray array) {
        return MemorySegment.ofBuffer(array.toByteBuffer(true));
    }
}
