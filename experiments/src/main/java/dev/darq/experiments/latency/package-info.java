/** Tables of measured latencies. */
package dev.darq.experiments.latency;
