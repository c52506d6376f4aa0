package dev.darq.kernels;

import static dev.darq.kernels.Shapes.INTS;
import static dev.darq.kernels.Shapes.SHORTS;
import static dev.darq.kernels.Shapes.WHOLE_BYTES;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * The loops of {@link VectorLookupProduct}: a block of four streams against the tables of one or two inputs. What is looked
 * up from two tables is added in bytes, then in 16-bit lanes: the sum of all pairs of bytes as they are, and that of the high
 * bytes, from which the low ones follow. Each counter is a variable of its own, for the reasons given in {@link NarrowCounts}.
 */
final class LookupSums {
    static final int STREAMS = 4;
    /** The rows of a stream, and the entries of a table. */
    static final int ROWS = WHOLE_BYTES.length();
    private static final int HALF = ROWS / 2;
    private static final int QUARTER = ROWS / 4;
    private static final int BLOCK = STREAMS * ROWS;

    private LookupSums() {}

    /**
     * The row of a lane: the one it has after {@link #widen}, where the low and the high half of each lane are parted twice.
     */
    static int row(int lane) {
        return lane / 4 + QUARTER * (lane / 2 % 2) + HALF * (lane % 2);
    }

    /**
     * One input.
     *
     * @param indices {@code [group of inputs][stream][lane]} from {@code at} on
     * @param tables {@code [group of inputs][entry]} from {@code table} on
     * @param groups the groups to add up, an even number; the sums must fit 16 bits
     * @param sums takes {@code [stream][low bytes, high bytes]}
     */
    static void one(byte[] indices, int at, byte[] tables, int table, int groups, short[] sums) {
        ShortVector all0 = ShortVector.zero(SHORTS);
        ShortVector all1 = all0;
        ShortVector all2 = all0;
        ShortVector all3 = all0;
        ShortVector high0 = all0;
        ShortVector high1 = all0;
        ShortVector high2 = all0;
        ShortVector high3 = all0;
        for (int group = 0, next = at; group < groups; group += 2, next += 2 * BLOCK) {
            ByteVector t = ByteVector.fromArray(WHOLE_BYTES, tables, table + group * ROWS);
            ByteVector u = ByteVector.fromArray(WHOLE_BYTES, tables, table + group * ROWS + ROWS);
            ShortVector s0 = ByteVector.fromArray(WHOLE_BYTES, indices, next).selectFrom(t)
                    .add(ByteVector.fromArray(WHOLE_BYTES, indices, next + BLOCK).selectFrom(u))
                    .reinterpretAsShorts();
            all0 = all0.add(s0);
            high0 = high0.add(s0.lanewise(LSHR, 8));
            ShortVector s1 = ByteVector.fromArray(WHOLE_BYTES, indices, next + ROWS).selectFrom(t)
                    .add(ByteVector.fromArray(WHOLE_BYTES, indices, next + BLOCK + ROWS).selectFrom(u))
                    .reinterpretAsShorts();
            all1 = all1.add(s1);
            high1 = high1.add(s1.lanewise(LSHR, 8));
            ShortVector s2 = ByteVector.fromArray(WHOLE_BYTES, indices, next + 2 * ROWS).selectFrom(t)
                    .add(ByteVector.fromArray(WHOLE_BYTES, indices, next + BLOCK + 2 * ROWS).selectFrom(u))
                    .reinterpretAsShorts();
            all2 = all2.add(s2);
            high2 = high2.add(s2.lanewise(LSHR, 8));
            ShortVector s3 = ByteVector.fromArray(WHOLE_BYTES, indices, next + 3 * ROWS).selectFrom(t)
                    .add(ByteVector.fromArray(WHOLE_BYTES, indices, next + BLOCK + 3 * ROWS).selectFrom(u))
                    .reinterpretAsShorts();
            all3 = all3.add(s3);
            high3 = high3.add(s3.lanewise(LSHR, 8));
        }
        all0.sub(high0.lanewise(LSHL, 8)).intoArray(sums, 0);
        high0.intoArray(sums, HALF);
        all1.sub(high1.lanewise(LSHL, 8)).intoArray(sums, ROWS);
        high1.intoArray(sums, ROWS + HALF);
        all2.sub(high2.lanewise(LSHL, 8)).intoArray(sums, 2 * ROWS);
        high2.intoArray(sums, 2 * ROWS + HALF);
        all3.sub(high3.lanewise(LSHL, 8)).intoArray(sums, 3 * ROWS);
        high3.intoArray(sums, 3 * ROWS + HALF);
    }

    /** Two inputs, or two digits of one: each index that is loaded serves both. Takes {@code [stream][input][low, high]}. */
    static void two(byte[] indices, int at, byte[] tables, int tableA, int tableB, int groups, short[] sums) {
        ShortVector allA0 = ShortVector.zero(SHORTS);
        ShortVector allA1 = allA0;
        ShortVector allA2 = allA0;
        ShortVector allA3 = allA0;
        ShortVector allB0 = allA0;
        ShortVector allB1 = allA0;
        ShortVector allB2 = allA0;
        ShortVector allB3 = allA0;
        ShortVector highA0 = allA0;
        ShortVector highA1 = allA0;
        ShortVector highA2 = allA0;
        ShortVector highA3 = allA0;
        ShortVector highB0 = allA0;
        ShortVector highB1 = allA0;
        ShortVector highB2 = allA0;
        ShortVector highB3 = allA0;
        for (int group = 0, next = at; group < groups; group += 2, next += 2 * BLOCK) {
            ByteVector tA = ByteVector.fromArray(WHOLE_BYTES, tables, tableA + group * ROWS);
            ByteVector tB = ByteVector.fromArray(WHOLE_BYTES, tables, tableB + group * ROWS);
            ByteVector uA = ByteVector.fromArray(WHOLE_BYTES, tables, tableA + group * ROWS + ROWS);
            ByteVector uB = ByteVector.fromArray(WHOLE_BYTES, tables, tableB + group * ROWS + ROWS);
            ByteVector i0 = ByteVector.fromArray(WHOLE_BYTES, indices, next);
            ByteVector j0 = ByteVector.fromArray(WHOLE_BYTES, indices, next + BLOCK);
            ShortVector a0 = i0.selectFrom(tA).add(j0.selectFrom(uA)).reinterpretAsShorts();
            ShortVector b0 = i0.selectFrom(tB).add(j0.selectFrom(uB)).reinterpretAsShorts();
            allA0 = allA0.add(a0);
            allB0 = allB0.add(b0);
            highA0 = highA0.add(a0.lanewise(LSHR, 8));
            highB0 = highB0.add(b0.lanewise(LSHR, 8));
            ByteVector i1 = ByteVector.fromArray(WHOLE_BYTES, indices, next + ROWS);
            ByteVector j1 = ByteVector.fromArray(WHOLE_BYTES, indices, next + BLOCK + ROWS);
            ShortVector a1 = i1.selectFrom(tA).add(j1.selectFrom(uA)).reinterpretAsShorts();
            ShortVector b1 = i1.selectFrom(tB).add(j1.selectFrom(uB)).reinterpretAsShorts();
            allA1 = allA1.add(a1);
            allB1 = allB1.add(b1);
            highA1 = highA1.add(a1.lanewise(LSHR, 8));
            highB1 = highB1.add(b1.lanewise(LSHR, 8));
            ByteVector i2 = ByteVector.fromArray(WHOLE_BYTES, indices, next + 2 * ROWS);
            ByteVector j2 = ByteVector.fromArray(WHOLE_BYTES, indices, next + BLOCK + 2 * ROWS);
            ShortVector a2 = i2.selectFrom(tA).add(j2.selectFrom(uA)).reinterpretAsShorts();
            ShortVector b2 = i2.selectFrom(tB).add(j2.selectFrom(uB)).reinterpretAsShorts();
            allA2 = allA2.add(a2);
            allB2 = allB2.add(b2);
            highA2 = highA2.add(a2.lanewise(LSHR, 8));
            highB2 = highB2.add(b2.lanewise(LSHR, 8));
            ByteVector i3 = ByteVector.fromArray(WHOLE_BYTES, indices, next + 3 * ROWS);
            ByteVector j3 = ByteVector.fromArray(WHOLE_BYTES, indices, next + BLOCK + 3 * ROWS);
            ShortVector a3 = i3.selectFrom(tA).add(j3.selectFrom(uA)).reinterpretAsShorts();
            ShortVector b3 = i3.selectFrom(tB).add(j3.selectFrom(uB)).reinterpretAsShorts();
            allA3 = allA3.add(a3);
            allB3 = allB3.add(b3);
            highA3 = highA3.add(a3.lanewise(LSHR, 8));
            highB3 = highB3.add(b3.lanewise(LSHR, 8));
        }
        allA0.sub(highA0.lanewise(LSHL, 8)).intoArray(sums, 0);
        highA0.intoArray(sums, HALF);
        allB0.sub(highB0.lanewise(LSHL, 8)).intoArray(sums, ROWS);
        highB0.intoArray(sums, ROWS + HALF);
        allA1.sub(highA1.lanewise(LSHL, 8)).intoArray(sums, 2 * ROWS);
        highA1.intoArray(sums, 2 * ROWS + HALF);
        allB1.sub(highB1.lanewise(LSHL, 8)).intoArray(sums, 3 * ROWS);
        highB1.intoArray(sums, 3 * ROWS + HALF);
        allA2.sub(highA2.lanewise(LSHL, 8)).intoArray(sums, 4 * ROWS);
        highA2.intoArray(sums, 4 * ROWS + HALF);
        allB2.sub(highB2.lanewise(LSHL, 8)).intoArray(sums, 5 * ROWS);
        highB2.intoArray(sums, 5 * ROWS + HALF);
        allA3.sub(highA3.lanewise(LSHL, 8)).intoArray(sums, 6 * ROWS);
        highA3.intoArray(sums, 6 * ROWS + HALF);
        allB3.sub(highB3.lanewise(LSHL, 8)).intoArray(sums, 7 * ROWS);
        highB3.intoArray(sums, 7 * ROWS + HALF);
    }

    /**
     * Adds the sums of one stream and input to theirs of 32 bits, {@code [row]}.
     *
     * @param shift places to the left: those of a high digit
     */
    static void widen(short[] sums, int from, int shift, int[] to, int at) {
        for (int half = 0; half < ROWS; half += HALF) {
            IntVector both = ShortVector.fromArray(SHORTS, sums, from + half).reinterpretAsInts();
            IntVector low = both.and(0xFFFF).lanewise(LSHL, shift);
            IntVector high = both.lanewise(LSHR, 16).lanewise(LSHL, shift);
            IntVector.fromArray(INTS, to, at + half).add(low).intoArray(to, at + half);
            IntVector.fromArray(INTS, to, at + half + QUARTER).add(high).intoArray(to, at + half + QUARTER);
        }
    }
}
