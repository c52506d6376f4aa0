package dev.darq.experiments.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the four IDX files in which MNIST and its successors are published (the format is described on MNIST's page: a
 * magic number that holds type and number of dimensions, the dimensions, all big-endian, then the values). Each may be
 * gzipped, with or without the ending {@code .gz}.
 */
final class IdxFiles {
    static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
    private static final int UNSIGNED_BYTES = 0x800;
    private static final int WIDEST = 65_536;

    /** Values with their dimensions; the first counts the images. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Values(Path file, List<Integer> dimensions, byte[] bytes) {
        int count() {
            return dimensions.getFirst();
        }

        int width() {
            return bytes.length / count();
        }
    }

    private IdxFiles() {}

    /** Reads a folder. */
    static DataSet read(String name, Path folder, int classes) {
        List<String> names = List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": no such folder, expected one with the files " + String.join(", ", names)
                    + " (each may be gzipped, .gz)");
        }
        List<String> missing = names.stream().filter(file -> find(folder, file) == null).toList();
        if (!missing.isEmpty()) {
            throw new DataException(folder + ": lacks " + String.join(", ", missing) + " (each may be gzipped, .gz)");
        }
        Values train = values(folder, TRAIN_IMAGES, 3);
        Values test = values(folder, TEST_IMAGES, 3);
        if (train.width() != test.width()) {
            throw new DataException(test.file() + ": images have " + test.width() + " pixels, those of " + train.file()
                    + " have " + train.width());
        }
        return new DataSet(name, train.width(), classes, split(train, values(folder, TRAIN_LABELS, 1), classes),
                split(test, values(folder, TEST_LABELS, 1), classes));
    }

    private static DataSet.Split split(Values images, Values labels, int classes) {
        if (labels.count() != images.count()) {
            throw new DataException(
                    labels.file() + ": has " + labels.count() + " labels, expected " + images.count()
                            + ", one for each "
                            + "image of " + images.file());
        }
        for (int i = 0; i < labels.count(); i++) {
            int label = labels.bytes()[i] & 0xff;
            if (label >= classes) {
                throw new DataException(
                        labels.file() + ": label " + label + " at index " + i + ", expected less than " + classes);
            }
        }
        return new DataSet.Split(images.bytes(), labels.bytes());
    }

    private static @Nullable Path find(Path folder, String name) {
        return Stream.of(name, name + ".gz").map(folder::resolve).filter(Files::isRegularFile).findFirst().orElse(null);
    }

    private static Values values(Path folder, String name, int dimensions) {
        Path file = find(folder, name);
        if (file == null) {
            throw new DataException(folder + ": lacks " + name);
        }
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            raw.mark(2);
            boolean gzipped = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return gzipped
                    ? values(file, new GZIPInputStream(raw, 1 << 16), dimensions, -1)
                    : values(file, raw, dimensions, Files.size(file));
        } catch (EOFException | ZipException e) {
            throw new DataException(file + ": is damaged or cut short (" + e.getMessage() + ")", e);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read (" + e + ")", e);
        }
    }

    /** Reads a file whose size, when it is known (not negative), must be what its header says. */
    private static Values values(Path file, InputStream in, int dimensions, long size) throws IOException {
        int headerBytes = 4 + 4 * dimensions;
        byte[] header = in.readNBytes(headerBytes);
        if (header.length < headerBytes) {
            throw new DataException(
                    file + ": ends after " + header.length + " bytes, expected a header of " + headerBytes);
        }
        DataInputStream fields = new DataInputStream(new ByteArrayInputStream(header));
        int magic = fields.readInt();
        if (magic != UNSIGNED_BYTES + dimensions) {
            throw new DataException("%s: begins with 0x%08X, expected 0x%08X (IDX, unsigned bytes, %d dimension%s)"
                    .formatted(file, magic, UNSIGNED_BYTES + dimensions, dimensions, dimensions == 1 ? "" : "s"));
        }
        List<Integer> shape = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            shape.add(fields.readInt());
        }
        int length = length(file, shape);
        if (size >= 0 && size != headerBytes + (long) length) {
            throw new DataException(file + ": has " + size + " bytes, expected " + (headerBytes + (long) length)
                    + " from its dimensions " + describe(shape));
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.read() >= 0) {
            throw new DataException(file + ": has " + (bytes.length < length
                    ? "only " + bytes.length
                    : "more than "
                            + length)
                    + " values, expected " + length + " from its dimensions " + describe(shape));
        }
        return new Values(file, shape, bytes);
    }

    private static int length(Path file, List<Integer> shape) {
        long width = 1;
        for (int dimension : shape.subList(1, shape.size())) {
            width = dimension < 1 || width * dimension > WIDEST ? WIDEST + 1 : width * dimension;
        }
        int count = shape.getFirst();
        if (count < 1 || width > WIDEST || count > (Integer.MAX_VALUE - 64) / width) {
            throw new DataException(file + ": dimensions " + describe(shape) + " are out of range, expected at least "
                    + "one image, 1 to " + WIDEST + " values an image and less than 2 GiB");
        }
        return Math.toIntExact(count * width);
    }

    private static String describe(List<Integer> shape) {
        return shape.stream().map(Object::toString).collect(Collectors.joining(" x "));
    }
}
