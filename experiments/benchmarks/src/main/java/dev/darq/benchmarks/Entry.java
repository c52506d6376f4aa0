package dev.darq.benchmarks;

/**
 * A contender with what its figures are held against.
 *
 * @param name its name in the table, unique in its group
 * @param contender what runs
 * @param reference what it should give
 * @param bound the bound of its error, in words
 * @param weightBytes the bytes of the weights that each run reads at least once
 * @param planePairs pairs of weight and activation planes where popcount gives the product, else 0
 */
record Entry(String name, Contender contender, Reference reference, String bound, long weightBytes, int planePairs) {}
