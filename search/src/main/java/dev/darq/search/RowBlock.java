package dev.darq.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Values of some rows on their way, and room for what a sweep makes of them. */
final class RowBlock {
    final int part;
    float[] data = new float[0];
    float[] gradient = new float[0];
    float[] quantized = new float[0];
    float[] result = new float[0];
    int row;
    int from;
    int length;

    RowBlock(int part) {
        this.part = part;
    }

    void reserve(int size) {
        if (data.length < size) {
            data = new float[size];
            gradient = new float[size];
            quantized = new float[size];
            result = new float[size];
        }
    }

    void at(int firstRow, int columns, int rows) {
        row = firstRow;
        from = firstRow * columns;
        length = rows * columns;
    }

    void read(MemorySegment all, float[] part) {
        MemorySegment.copy(all, ValueLayout.JAVA_FLOAT, (long) from * Float.BYTES, part, 0, length);
    }

    void write(MemorySegment all) {
        MemorySegment.copy(result, 0, all, ValueLayout.JAVA_FLOAT, (long) from * Float.BYTES, length);
    }
}
