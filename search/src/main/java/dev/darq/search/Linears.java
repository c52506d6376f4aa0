package dev.darq.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.darq.quantizers.Parameter;
import java.util.List;

/** What stands for the linear layers and the parameters in one run of a network. */
interface Linears {
    /**
     * Runs layers that read the same.
     *
     * @param x inputs {@code [rows, inputs]}
     * @return {@code [rows, outputs]} of each layer
     */
    List<NDArray> apply(List<MixedLinear> layers, NDArray x);

    /** Runs one layer. */
    default NDArray apply(MixedLinear layer, NDArray x) {
        return apply(List.of(layer), x).getFirst();
    }

    /**
     * A value that several paths of the network go on from. Where the graph is cut further on, backward would go through
     * all that lies below once for each path: here it waits for the gradients of all of them.
     */
    NDArray fork(NDArray x);

    /** A parameter of no linear layer, such as the gain of a normalisation. */
    NDArray parameter(Parameter parameter, Shape shape);
}
