package dev.darq.search;

import java.util.List;

/** What a network is built from. */
public sealed interface NetworkSpec permits MlpSpec, TransformerSpec {
    /** The linear layers, in the order in which they are run. */
    List<LayerShape> shapes();

    /** Values of one example. */
    int inputs();

    /** Number of logits. */
    int classes();

    /**
     * What a layer reads, for layers that read the same: they have the same name here.
     *
     * @param layer name of a layer
     */
    default String inputOf(String layer) {
        return layer;
    }
}
