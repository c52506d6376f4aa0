package dev.darq.quantizers;

/** The second half of an alternation of QEM: the basis for given codes. */
interface BasisSolver {
    /**
     * Finds or approaches the basis, positive and ascending.
     *
     * @param statistics the data by code; bit i of a code set means {@code b_i = +1}
     * @param basis      the present basis [K], replaced by the new one
     * @param offset     the present offset
     * @param fitOffset  whether the offset is fitted or stays
     * @return the new offset
     */
    double solve(CodeStatistics statistics, double[] basis, double offset, boolean fitOffset);
}
