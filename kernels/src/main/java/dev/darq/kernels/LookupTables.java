package dev.darq.kernels;

import static dev.darq.kernels.Shapes.WHOLE_BYTES;

import jdk.incubator.vector.ByteVector;

/** The tables of {@link VectorLookupProduct}: for a few inputs, the sum of every subset of their codes. */
final class LookupTables {
    /** The inputs of a table. */
    static final int INPUTS = Integer.numberOfTrailingZeros(LookupSums.ROWS);
    private static final int MOST_INPUTS = 6;
    /** {@code [input][entry]}: all bits set where the input is in the subset that the entry's number names. */
    private static final byte[] MEMBERS = new byte[MOST_INPUTS * LookupSums.ROWS];

    static {
        for (int input = 0; input < MOST_INPUTS; input++) {
            for (int entry = 0; entry < LookupSums.ROWS; entry++) {
                MEMBERS[input * LookupSums.ROWS + entry] = (byte) ((entry >> input & 1) != 0 ? -1 : 0);
            }
        }
    }

    private LookupTables() {}

    /**
     * Fills the tables of a row of codes.
     *
     * @param codes {@code groups * INPUTS} codes from {@code from} on
     * @param tables takes {@code [group][entry]} from {@code to} on
     */
    static void fill(short[] codes, int from, int groups, byte[] tables, int to) {
        ByteVector m0 = members(0);
        ByteVector m1 = members(1);
        ByteVector m2 = members(2);
        ByteVector m3 = members(3);
        ByteVector m4 = members(4);
        ByteVector m5 = members(5);
        for (int group = 0; group < groups; group++) {
            int at = from + group * INPUTS;
            ByteVector sum = ByteVector.broadcast(WHOLE_BYTES, (byte) codes[at]).and(m0)
                    .add(ByteVector.broadcast(WHOLE_BYTES, (byte) codes[at + 1]).and(m1))
                    .add(ByteVector.broadcast(WHOLE_BYTES, (byte) codes[at + 2]).and(m2)
                            .add(ByteVector.broadcast(WHOLE_BYTES, (byte) codes[at + 3]).and(m3)));
            if (INPUTS > 4) {
                sum = sum.add(ByteVector.broadcast(WHOLE_BYTES, (byte) codes[at + 4]).and(m4));
            }
            if (INPUTS > 5) {
                sum = sum.add(ByteVector.broadcast(WHOLE_BYTES, (byte) codes[at + 5]).and(m5));
            }
            sum.intoArray(tables, to + group * LookupSums.ROWS);
        }
    }

    private static ByteVector members(int input) {
        return ByteVector.fromArray(WHOLE_BYTES, MEMBERS, input * LookupSums.ROWS);
    }
}
