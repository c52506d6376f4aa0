package dev.darq.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Partial schemes of which none can replace another: of those that cost the same under every budget, the best. A budget may
 * have to be met from below, so a cheaper scheme does not beat a dearer one.
 *
 * <p>
 * Costs are the same when they agree to 1e-9 of the target. Where that leaves more than {@value #MOST} schemes, costs that
 * agree less closely are taken as the same, half as closely each time; each scheme keeps its true costs, so that no budget is
 * ever exceeded for it. {@link #isExact} says whether that happened.
 */
final class SchemeFront {
    static final int MOST = 40_000;

    private final SchemeProblem problem;
    private double steps = 1e9;
    private boolean exact = true;
    private Map<List<Long>, PartialScheme> partials = new LinkedHashMap<>();

    SchemeFront(SchemeProblem problem) {
        this.problem = problem;
    }

    Collection<PartialScheme> partials() {
        return partials.values();
    }

    /** Whether every scheme was compared: none was given up for another of nearly the same costs. */
    boolean isExact() {
        return exact;
    }

    /** Adds one of several parts that were made apart. */
    void addAll(SchemeFront part) {
        exact &= part.exact;
        part.partials().forEach(this::add);
    }

    void add(PartialScheme partial) {
        partials.merge(key(partial), partial, (kept, more) -> more.score() > kept.score() ? more : kept);
        while (partials.size() > MOST) {
            exact = false;
            steps = Math.min(steps, 1L << 20) / 2;
            Map<List<Long>, PartialScheme> fine = partials;
            partials = new LinkedHashMap<>();
            fine.values().forEach(each -> partials.merge(key(each), each,
                    (kept, more) -> more.score() > kept.score() ? more : kept));
        }
    }

    private List<Long> key(PartialScheme partial) {
        List<Long> key = new ArrayList<>(partial.costs().length);
        for (int k = 0; k < partial.costs().length; k++) {
            Double target = problem.budgets().get(k).target();
            key.add(Math.round(partial.costs()[k] / (target == null ? 1 : target) * steps));
        }
        return key;
    }

    /** All of these with all of others. */
    SchemeFront with(SchemeFront others) {
        return with(others, new double[problem.budgets().size()]);
    }

    /**
     * All of these with all of others that the budgets allow.
     *
     * @param toCome what the rest costs at least, for each budget
     */
    SchemeFront with(SchemeFront others, double[] toCome) {
        SchemeFront front = new SchemeFront(problem);
        front.exact = exact && others.exact;
        for (PartialScheme one : partials()) {
            for (PartialScheme other : others.partials()) {
                PartialScheme both = one.and(other);
                if (problem.allows(both.costs(), toCome)) {
                    front.add(both);
                }
            }
        }
        return front;
    }
}
