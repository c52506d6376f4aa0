package dev.darq.quantizers;

/**
 * The levels of one unit of weights as a binary code, {@code x ~ offset + sum_i basis_i b_i}, {@code b_i in {-1, +1}}: what
 * every scheme of at most 8 bits is frozen to.
 */
interface Codebook {
    /** The code of a value: bit i set means {@code b_i = +1}. */
    int code(float value);

    /** The basis [K], a new array. */
    float[] basis();

    /** The value that the levels are relative to. */
    float codeOffset();
}
