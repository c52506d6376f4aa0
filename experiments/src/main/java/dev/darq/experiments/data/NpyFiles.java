package dev.darq.experiments.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads a folder of NPY files: {@code x_train.npy} and {@code y_train.npy}, {@code x_test.npy} and {@code y_test.npy}; or
 * {@code images.npy} and {@code labels.npy}, which then serve to calibrate and to measure. The first dimension counts the
 * examples, the others are flattened.
 */
final class NpyFiles {
    private static final int WIDEST = 65_536;

    private NpyFiles() {}

    /** Whether a folder holds NPY files. */
    static boolean in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".npy"));
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be read (" + e + ")", e);
        }
    }

    /** Reads a folder. */
    static DataSet read(String name, Path folder, int classes) {
        boolean single = Files.exists(folder.resolve("images.npy"));
        List<String> names = single
                ? List.of("images.npy", "labels.npy")
                : List.of("x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy");
        List<String> missing = names.stream().filter(file -> !Files.isRegularFile(folder.resolve(file))).toList();
        if (!missing.isEmpty()) {
            throw new DataException(folder + ": lacks " + String.join(", ", missing)
                    + (single ? "" : "; or images.npy and labels.npy"));
        }
        DataSet.Split first = split(folder, names.get(0), names.get(1), classes);
        DataSet.Split last = single ? first : split(folder, names.get(2), names.get(3), classes);
        if (first.width() != last.width()) {
            throw new DataException(folder.resolve(names.get(2)) + ": examples have " + last.width()
                    + " features, those of " + names.getFirst() + " have " + first.width());
        }
        return new DataSet(name, first.width(), classes, first, last);
    }

    private static DataSet.Split split(Path folder, String examples, String labels, int classes) {
        NpyArray features = NpyArray.read(folder.resolve(examples));
        NpyArray answers = NpyArray.read(folder.resolve(labels));
        if (answers.count() != features.count()) {
            throw new DataException(answers.file() + ": has " + answers.count() + " labels, expected "
                    + features.count() + ", one for each example of " + features.file());
        }
        DataSet.Split split = new DataSet.Split(features.floats(), answers.labels(classes));
        if (split.width() > WIDEST) {
            throw new DataException(features.file() + ": has " + split.width()
                    + " features an example, expected at most " + WIDEST);
        }
        return split;
    }
}
