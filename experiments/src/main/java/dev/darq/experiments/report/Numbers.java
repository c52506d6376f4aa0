package dev.darq.experiments.report;

import java.util.Locale;

/** Numbers for people, the same in every country. */
public final class Numbers {
    private Numbers() {}

    /** {@code 1,234,567}. */
    public static String thousands(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A fraction as {@code 97.71 %}. */
    public static String percent(double fraction, int decimals) {
        return fixed(100 * fraction, decimals) + " %";
    }

    /** {@code 3.142}; not-a-number and infinities in words. */
    public static String fixed(double number, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", number);
    }

    /** {@code 12 B}, {@code 3.4 KiB}, {@code 56.7 MiB}. */
    public static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB"};
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < units.length - 1) {
            size /= 1024;
            unit++;
        }
        return (unit == 0 ? Long.toString(bytes) : fixed(size, 1)) + " " + units[unit];
    }
}
