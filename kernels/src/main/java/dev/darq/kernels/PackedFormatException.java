package dev.darq.kernels;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** A file that is no packed model of this version, or a damaged one. The message is one line for a person. */
public final class PackedFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int LONGEST = 400;

    /**
     * Says what is wrong and where.
     *
     * @param path the file
     * @param offset the byte at which the trouble lies
     * @param expected what a good file has there
     * @param actual what this one has
     */
    public PackedFormatException(Path path, long offset, String expected, String actual) {
        super(oneLine(path.toString()) + ": at byte " + offset + ": expected " + oneLine(expected) + ", found "
                + oneLine(actual));
    }

    /** Names in a bad file are anybody's: they may hold line breaks, or be megabytes long. */
    private static String oneLine(String text) {
        String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return cut.replaceAll("\\p{C}", "?");
    }
}
