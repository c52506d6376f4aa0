package dev.darq.quantizers;

/** What a quantizer quantizes. */
public enum Role {
    /** A weight matrix {@code [out, in]}: signed; per-channel schemes keep one scale or basis a row. */
    WEIGHTS,
    /** A batch of inputs {@code [batch, in]}: one scale or basis for the whole tensor. */
    ACTIVATIONS
}
