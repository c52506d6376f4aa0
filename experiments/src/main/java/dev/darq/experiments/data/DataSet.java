package dev.darq.experiments.data;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Labelled images, in memory.
 *
 * @param name    where they came from, for people
 * @param width   pixels an image, the network's inputs
 * @param classes labels are 0 to {@code classes - 1}
 * @param train   images to learn from; the validation split is taken out of these
 * @param test    images to measure with
 */
public record DataSet(String name, int width, int classes, Split train, Split test) {
    /** A checksum of all examples and labels: the same data give the same one, wherever they lie. */
    public String checksum() {
        CRC32C sum = new CRC32C();
        train.addTo(sum);
        test.addTo(sum);
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    /** Images with their labels; or other examples, whose features take the place of the pixels. */
    public static final class Split {
        private final byte[] images;
        private final float[] features;
        private final byte[] labels;
        private final int width;

        /**
         * Takes the arrays as they are.
         *
         * @param images pixels 0 to 255, {@code [labels.length, width]}
         * @param labels one an image
         */
        public Split(byte[] images, byte[] labels) {
            if (labels.length == 0 || images.length % labels.length != 0) {
                throw new IllegalArgumentException(
                        images.length + " pixels do not divide into " + labels.length + " images");
            }
            this.images = images;
            this.features = new float[0];
            this.labels = labels;
            this.width = images.length / labels.length;
        }

        /**
         * Takes the arrays as they are.
         *
         * @param features what a network sees, {@code [labels.length, width]}
         * @param labels   one an example
         */
        public Split(float[] features, byte[] labels) {
            if (labels.length == 0 || features.length % labels.length != 0) {
                throw new IllegalArgumentException(
                        features.length + " features do not divide into " + labels.length + " examples");
            }
            this.images = new byte[0];
            this.features = features;
            this.labels = labels;
            this.width = features.length / labels.length;
        }

        private void addTo(CRC32C sum) {
            sum.update(images);
            ByteBuffer bytes = ByteBuffer.allocate(width * Float.BYTES);
            for (int from = 0; from < features.length; from += width) {
                bytes.clear().asFloatBuffer().put(features, from, width);
                sum.update(bytes);
            }
            sum.update(labels);
        }

        /** Number of images. */
        public int count() {
            return labels.length;
        }

        /** Pixels or other features of one example. */
        public int width() {
            return width;
        }

        /** All pixels as unsigned bytes, {@code [count, width]}, none if the features are no pixels; not a copy. */
        public byte[] images() {
            return images;
        }

        /** All labels, {@code [count]}; not a copy. */
        public byte[] labels() {
            return labels;
        }

        /** The label of one image. */
        public int label(int index) {
            return labels[index] & 0xff;
        }

        /**
         * What a network sees of one image: pixels over 255, so 0 to 1; features as they are.
         *
         * @param index  which image
         * @param target receives {@code width} values
         * @param offset position of the first of them
         */
        public void image(int index, float[] target, int offset) {
            int start = index * width;
            if (features.length > 0) {
                System.arraycopy(features, start, target, offset, width);
                return;
            }
            for (int i = 0; i < width; i++) {
                target[offset + i] = (images[start + i] & 0xff) / 255f;
            }
        }
    }
}
