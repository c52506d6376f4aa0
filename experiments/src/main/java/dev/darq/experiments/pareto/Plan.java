package dev.darq.experiments.pareto;

import dev.darq.experiments.FixedSchemes;
import dev.darq.experiments.config.ParetoConfig;
import dev.darq.experiments.config.ParetoSettings;
import dev.darq.experiments.report.Cell;
import dev.darq.experiments.report.Table;
import dev.darq.kernels.AtomicFile;
import dev.darq.search.BitDescent;
import dev.darq.search.Budget;
import dev.darq.search.ExampleSplit;
import dev.darq.search.LayerCandidates;
import dev.darq.search.MixedPrecision;
import dev.darq.search.Network;
import dev.darq.search.RandomSchemes;
import dev.darq.search.SchemeSpace;
import dev.darq.search.SecondOrderSensitivity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The schemes that a seed's searches are compared with.
 *
 * @param entries what is trained; a scheme may be there for several reasons
 * @param notes   what a reader of the results must know
 */
record Plan(List<Entry> entries, List<String> notes) {
    private static final int DESCENT_EXAMPLES = 2048;

    Plan {
        entries = List.copyOf(entries);
        notes = List.copyOf(notes);
    }

    /**
     * One scheme.
     *
     * @param method how it was chosen
     * @param budget what it had to keep, or null
     * @param scheme as {@link MixedPrecision#parse} reads it
     */
    record Entry(Method method, @Nullable Double budget, String scheme) {
        static Entry of(Method method, @Nullable Double budget, MixedPrecision scheme) {
            return new Entry(method, budget, scheme.toString());
        }
    }

    /**
     * Chooses the schemes.
     *
     * @param config      of one seed
     * @param trunk       the float32 network of that seed
     * @param sensitivity the file that what was measured for the integer program goes to
     */
    static Plan of(ParetoConfig config, ExampleSplit split, FixedSchemes fixed, Network trunk, Path sensitivity)
            throws IOException {
        ParetoSettings pareto = config.pareto();
        List<Entry> entries = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        SchemeSpace space = new SchemeSpace(config.experiment().network(), config.experiment().space());
        entries.add(Entry.of(Method.FLOAT32, null, MixedPrecision.uniform(LayerCandidates.FLOAT32,
                config.experiment().network().shapes().size())));
        if (pareto.uniform()) {
            space.uniform().forEach(scheme -> entries.add(Entry.of(Method.UNIFORM, null, scheme)));
        }
        if (pareto.exhaustive()) {
            space.all(ParetoSettings.MOST_SCHEMES)
                    .forEach(scheme -> entries.add(Entry.of(Method.EXHAUSTIVE, null, scheme)));
        }
        addRandom(config, space, entries, notes);
        Network network = fixed.calibrated(trunk, config.experiment().space());
        if (pareto.integerProgram()) {
            SecondOrderSensitivity measured = SecondOrderSensitivity.measure(network, split.train(),
                    config.experiment().seed());
            AtomicFile.write(sensitivity, table(measured).toCsv());
            for (double budget : pareto.budgets()) {
                entries.add(Entry.of(Method.INTEGER_PROGRAM, budget,
                        measured.integerProgram(new Budget(pareto.model(), budget, null).withSlack(1))));
            }
        }
        if (pareto.greedy()) {
            BitDescent descent = new BitDescent(network, pareto.model(),
                    ExampleSplit.sample(split.validation(), DESCENT_EXAMPLES, config.experiment().seed()));
            for (double budget : pareto.budgets()) {
                entries.add(Entry.of(Method.GREEDY, budget, descent.within(budget)));
            }
        }
        return new Plan(entries, notes);
    }

    private static void addRandom(ParetoConfig config, SchemeSpace space, List<Entry> entries, List<String> notes) {
        ParetoSettings pareto = config.pareto();
        for (int i = 0; i < pareto.budgets().size() && pareto.random() > 0; i++) {
            double budget = pareto.budgets().get(i);
            List<MixedPrecision> drawn = new RandomSchemes(space, pareto.model(), budget * (1 - pareto.window()),
                    budget).draw(pareto.random(), config.experiment().seed() * 1_000_003 + i);
            drawn.forEach(scheme -> entries.add(Entry.of(Method.RANDOM, budget, scheme)));
            if (drawn.size() < pareto.random()) {
                notes.add(String.format(Locale.ROOT,
                        "only %d of %d random schemes at budget %s: no more cost between %.3g and %.3g of float32",
                        drawn.size(), pareto.random(), budget, budget * (1 - pareto.window()), budget));
            }
        }
    }

    private static Table table(SecondOrderSensitivity measured) {
        Table table = new Table().text("layer").text("tensor").number("average trace").text("candidate")
                .number("squared error").number("omega");
        for (SecondOrderSensitivity.Tensor tensor : measured.tensors()) {
            for (SecondOrderSensitivity.Error error : tensor.errors()) {
                table.row(Cell.of(tensor.layer()), Cell.of(tensor.role().name().toLowerCase(Locale.ROOT)),
                        Cell.number(tensor.averageTrace(), 6), Cell.of(error.candidate().toString()),
                        Cell.number(error.squared(), 6), Cell.number(tensor.averageTrace() * error.squared(), 6));
            }
        }
        return table;
    }
}
