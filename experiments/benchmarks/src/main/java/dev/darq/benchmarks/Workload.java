package dev.darq.benchmarks;

/**
 * What all contenders of one group compute.
 *
 * @param network the network
 * @param batch the samples of one call
 * @param input the samples, {@code [batch, inputs]}
 */
record Workload(Network network, int batch, float[] input) {
    Workload(Network network, int batch) {
        this(network, batch, network.randomInput(batch));
    }

    /** What it is called in messages. */
    String name() {
        return network.name() + ", batch " + batch;
    }
}
