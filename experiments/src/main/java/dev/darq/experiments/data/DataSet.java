package dev.darq.experiments.data;

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

    /** Images with their labels. */
    public static final class Split {
        private final byte[] images;
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
            this.labels = labels;
            this.width = images.length / labels.length;
        }

        /** Number of images. */
        public int count() {
            return labels.length;
        }

        /** All pixels as unsigned bytes, {@code [count, width]}; not a copy. */
        public byte[] images() {
            return images;
        }

        /** All labels, {@code [count]}; not a copy. */
        public byte[] labels() {
            return labels;
        }

        /** The label of one image. */
        public int label(int index) {
            return labels[index];
        }

        /**
         * What a network sees of one image: pixels over 255, so 0 to 1.
         *
         * @param index  which image
         * @param target receives {@code width} values
         * @param offset position of the first of them
         */
        public void image(int index, float[] target, int offset) {
            int start = index * width;
            for (int i = 0; i < width; i++) {
                target[offset + i] = (images[start + i] & 0xff) / 255f;
            }
        }
    }
}
