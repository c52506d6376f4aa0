package dev.darq.search;

import ai.djl.ndarray.NDManager;
import dev.darq.quantizers.Parameter;
import java.util.List;

/**
 * The bilevel problem of a search: cross-entropy of a training batch below, the outer objective on a validation batch
 * above.
 */
final class NetworkProblem implements BilevelProblem {
    private static final Batch NONE = new Batch(new float[0], new int[0], 0, 0);

    private final NDManager manager;
    private final Network network;
    private final OuterObjective objective;
    private final FiniteCheck check;
    private Batch train = NONE;
    private Batch validation = NONE;
    private int step;
    private double progress;
    private double error;

    NetworkProblem(NDManager manager, Network network, OuterObjective objective, FiniteCheck check) {
        this.manager = manager;
        this.network = network;
        this.objective = objective;
        this.check = check;
    }

    /**
     * Goes to the next step.
     *
     * @param step     steps done
     * @param progress fraction of the search that is done
     */
    void next(int step, double progress) {
        this.step = step;
        this.progress = progress;
    }

    void train(Batch batch) {
        train = batch;
    }

    void validation(Batch batch) {
        validation = batch;
    }

    /** {@code err} where the outer loss was computed last. */
    double error() {
        return error;
    }

    @Override
    public List<Parameter> alphas() {
        return network.alphas();
    }

    /** A step of the weights: the quantizers' statistics follow this batch. */
    double inner() {
        return run(train, Pass.INNER);
    }

    /** Validation loss, with its gradient by the architecture parameters. */
    double outer() {
        return outer(validation, Pass.OUTER);
    }

    /** The outer objective on the training batch, with all gradients. */
    double singleLevel() {
        return outer(train, Pass.SINGLE_LEVEL);
    }

    @Override
    public double innerByWeights() {
        double loss = run(train, Pass.VIRTUAL_INNER);
        check.gradients(step + 1);
        return loss;
    }

    @Override
    public double innerByAlphas() {
        network.constrain();
        double loss = run(train, Pass.OUTER);
        network.choices().forEach(RelaxedChoice::finishGradient);
        return loss;
    }

    @Override
    public double outerByBoth() {
        network.constrain();
        return outer(validation, Pass.VIRTUAL_OUTER);
    }

    private double outer(Batch batch, Pass pass) {
        double loss = run(batch, pass);
        error = objective.error();
        objective.addGradients(progress);
        return loss;
    }

    private double run(Batch batch, Pass pass) {
        double loss = Training.lossAndGradients(manager, network, batch, pass);
        check.loss(batch == validation ? "validation loss" : "loss", step + 1, loss);
        return loss;
    }
}
