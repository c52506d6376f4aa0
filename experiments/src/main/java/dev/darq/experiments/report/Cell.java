package dev.darq.experiments.report;

import org.jspecify.annotations.Nullable;

/**
 * One cell of a {@link Table}: text for people, and the value behind it for programs.
 *
 * @param text  what a person reads
 * @param value what CSV and JSON hold: a string, a number or nothing
 */
public record Cell(String text, @Nullable Object value) {
    /** What was not measured, or does not apply. */
    public static final Cell NONE = new Cell("-", null);

    /** Text. */
    public static Cell of(String text) {
        return new Cell(text, text);
    }

    /** A whole number, {@code 1,234}. */
    public static Cell count(long number) {
        return new Cell(Numbers.thousands(number), number);
    }

    /** A number with this many decimals; the value keeps all. */
    public static Cell number(double number, int decimals) {
        return new Cell(Numbers.fixed(number, decimals), finite(number));
    }

    /** A fraction, {@code 97.71 %}; the value is the fraction. */
    public static Cell percent(double fraction, int decimals) {
        return new Cell(Numbers.percent(fraction, decimals), finite(fraction));
    }

    /** A ratio, {@code 3.5x}. */
    public static Cell times(double ratio, int decimals) {
        return new Cell(Numbers.fixed(ratio, decimals) + "x", finite(ratio));
    }

    /** JSON has no other numbers. */
    private static @Nullable Object finite(double number) {
        return Double.isFinite(number) ? number : null;
    }
}
