package dev.darq.quantizers;

/**
 * Which values of a row-major matrix share parameters. Each such unit, whether the whole matrix, a row or a group of
 * neighbouring inputs of a row, is a range of consecutive values, and a scheme needs to know of ranges alone.
 *
 * @param granularity {@link Granularity#TENSOR}, {@link Granularity#CHANNEL} or {@link Granularity#GROUP}
 * @param units       number of units
 * @param groups      groups of a row; 1 when rows are not divided
 * @param groupSize   values of a group (the last one of a row may have fewer); 0 when rows are not divided
 */
record Partition(Granularity granularity, int units, int groups, int groupSize) {
    static final Partition WHOLE = new Partition(Granularity.TENSOR, 1, 1, 0);

    static Partition of(Granularity granularity, int rows, int columns, int groupSize) {
        return switch (granularity) {
            case PAPER ->
                throw new IllegalArgumentException("expected the granularity of a scheme, got " + granularity);
            case TENSOR -> WHOLE;
            case CHANNEL -> new Partition(granularity, rows, 1, 0);
            case GROUP -> {
                int groups = Math.max(Math.ceilDiv(columns, groupSize), 1);
                yield new Partition(granularity, rows * groups, groups, groupSize);
            }
        };
    }

    /** The first unit of a row. */
    int firstUnit(int row) {
        return granularity == Granularity.TENSOR ? 0 : row * groups;
    }

    /** Where a unit begins in a matrix of so many columns. */
    int from(int unit, int columns) {
        return granularity == Granularity.TENSOR ? 0 : unit / groups * columns + unit % groups * groupSize;
    }

    /** How many values a unit has. */
    int length(int unit, int rows, int columns) {
        return switch (granularity) {
            case GROUP -> Math.min(groupSize, columns - unit % groups * groupSize);
            case CHANNEL -> columns;
            case TENSOR, PAPER -> rows * columns;
        };
    }
}
