package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Frees and overwrites whatever native memory nobody refers to any more. */
final class ForcedCollection {
    private ForcedCollection() {}

    /** Collects what is garbage and fills what that freed with 777. */
    static void run() {
        List<ByteBuffer> garbage = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            System.gc();
            try {
                // Direct memory is freed by a thread of its own, after the collection.
                Thread.sleep(25);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            for (int k = 0; k < 2000; k++) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(4 << k % 3).order(ByteOrder.nativeOrder());
                while (buffer.hasRemaining()) {
                    buffer.putFloat(777);
                }
                garbage.add(buffer);
            }
        }
        assertEquals(8000, garbage.size());
    }
}
