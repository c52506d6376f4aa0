package dev.darq.experiments.config;

import static dev.darq.experiments.config.ConfigWriter.map;

import dev.darq.search.Budget;
import dev.darq.search.CostModel;
import dev.darq.search.EarlyStopping;
import dev.darq.search.ErrorTerm;
import dev.darq.search.Latency;
import dev.darq.search.RelaxationSettings;
import dev.darq.search.SearchSettings;
import java.util.List;
import java.util.Map;

/** Writes the section {@code search}, as {@link SearchReader} reads it. */
final class SearchWriter {
    private SearchWriter() {}

    static Map<String, Object> tree(SearchSettings search) {
        List<Map<String, Object>> costs = search.costs().stream().map(SearchWriter::cost).toList();
        Map<String, Object> map = map("warmup-epochs", search.warmupEpochs(), //
                "epochs", search.epochs(), //
                "settling-epochs", search.settlingEpochs(), //
                "order", search.order().label(), //
                "alpha-learning-rate", search.alphaLearningRate(), //
                "relaxation", relaxation(search.relaxation()), //
                "cost", costs.size() == 1 ? costs.getFirst() : costs, //
                "error", error(search.error()));
        EarlyStopping stopping = search.earlyStopping();
        if (stopping != null) {
            map.put("early-stopping", map("curvature",
                    map("every", stopping.every(), "factor", stopping.factor(), "window", stopping.window())));
        }
        return map;
    }

    private static Map<String, Object> relaxation(RelaxationSettings settings) {
        return map("type", settings.relaxation().label(), //
                "temperature", map("start", settings.temperature().start(), "end", settings.temperature().end()), //
                "entropy", map("weight", settings.entropy().weight(), "start", settings.entropy().start()));
    }

    private static Map<String, Object> cost(Budget budget) {
        Map<String, Object> map = model(budget.model());
        if (budget.target() != null) {
            map.put("target", budget.target());
            map.put("slack", budget.slack());
        }
        if (budget.lambda() != null) {
            map.put("lambda", budget.lambda());
        }
        map.put("weighting", budget.weighting().label());
        return map;
    }

    /** A cost model, with the file of its table where it has one. */
    static Map<String, Object> model(CostModel model) {
        Map<String, Object> map = map("model", model.label());
        if (model instanceof Latency latency) {
            map.put("table", latency.file());
        }
        return map;
    }

    private static Map<String, Object> error(ErrorTerm error) {
        Map<String, Object> map = map("weighting", error.weighting().label());
        if (error.target() != null) {
            map.put("target", error.target());
        }
        if (error.lambda() != null) {
            map.put("weight", error.lambda());
        }
        return map;
    }
}
