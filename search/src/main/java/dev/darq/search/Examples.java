package dev.darq.search;

/** Labelled examples, addressed by index. */
public interface Examples {
    /** Number of examples. */
    int size();

    /** Number of features of an example. */
    int width();

    /** Number of classes. */
    int classes();

    /** Writes the features of an example to {@code target[offset..offset+width)}. */
    void features(int index, float[] target, int offset);

    /** The class of an example, in {@code [0, classes)}. */
    int label(int index);
}
