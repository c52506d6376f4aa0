/** The comparison of searched schemes with baselines. */
package dev.darq.experiments.pareto;
