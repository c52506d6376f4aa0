package dev.darq.experiments;

import dev.darq.experiments.data.DataSet;
import dev.darq.search.Examples;

/**
 * Images as the network sees them: pixels over 255.
 *
 * @param split   the images and their labels
 * @param width   pixels of an image
 * @param classes number of classes
 */
public record ImageExamples(DataSet.Split split, int width, int classes) implements Examples {
    /** What networks learn from. */
    public static ImageExamples train(DataSet data) {
        return new ImageExamples(data.train(), data.width(), data.classes());
    }

    /** What they are measured with. */
    public static ImageExamples test(DataSet data) {
        return new ImageExamples(data.test(), data.width(), data.classes());
    }

    @Override
    public int size() {
        return split.count();
    }

    @Override
    public void features(int index, float[] target, int offset) {
        split.image(index, target, offset);
    }

    @Override
    public int label(int index) {
        return split.label(index);
    }
}
