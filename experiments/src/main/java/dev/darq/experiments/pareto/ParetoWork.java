package dev.darq.experiments.pareto;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import dev.darq.experiments.FixedSchemes;
import dev.darq.experiments.ImageExamples;
import dev.darq.experiments.SearchedNetwork;
import dev.darq.experiments.journal.RunParts;
import dev.darq.experiments.config.ExperimentConfig;
import dev.darq.experiments.config.ParetoConfig;
import dev.darq.experiments.data.DataSet;
import dev.darq.experiments.pareto.ParetoFolder.Work;
import dev.darq.experiments.report.Json;
import dev.darq.experiments.report.Numbers;
import dev.darq.kernels.PackedModel;
import dev.darq.search.DivergedException;
import dev.darq.search.Evaluation;
import dev.darq.search.ExampleSplit;
import dev.darq.search.FloatNetwork;
import dev.darq.search.Freezer;
import dev.darq.search.MixedPrecision;
import dev.darq.search.Network;
import dev.darq.search.SearchSpace;
import dev.darq.search.Training;
import dev.darq.search.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does what is left to do in a run folder, together with other processes that do the same. */
final class ParetoWork {
    private final List<ParetoConfig> configs;
    private final DataSet data;
    private final ImageExamples test;
    private final ParetoFolder folder;
    private final PrintWriter out;

    /**
     * The work of a comparison.
     *
     * @param configs the same configuration, a seed each
     */
    ParetoWork(List<ParetoConfig> configs, DataSet data, ParetoFolder folder, PrintWriter out) {
        this.configs = configs;
        this.data = data;
        this.folder = folder;
        this.out = out;
        test = ImageExamples.test(data);
    }

    /** Returns when everything is there. */
    void finish() throws IOException {
        Engine.getInstance();
        JniUtils.setNumThreads(configs.getFirst().experiment().threads());
        List<Work> searches = new ArrayList<>();
        List<Work> trunks = new ArrayList<>();
        List<Work> plans = new ArrayList<>();
        for (ParetoConfig config : configs) {
            Seed seed = new Seed(config);
            trunks.add(new Work(folder.trunk(seed.number()), seed::makeTrunk));
            plans.add(new Work(folder.plan(seed.number()), seed::makePlan));
            for (int space = 0; space <= config.pareto().subspaces().size(); space++) {
                for (double budget : config.pareto().budgets()) {
                    int subspace = space;
                    searches.add(new Work(folder.searched(seed.number(), space, budget),
                            () -> seed.makeSearched(subspace, budget)));
                }
            }
        }
        finish("float32 networks", trunks);
        finish("schemes to compare with", plans);
        finish("searches", searches);
        for (ParetoConfig config : configs) {
            Seed seed = new Seed(config);
            finish("schemes of seed " + seed.number(), seed.schemes());
        }
    }

    private void finish(String what, List<Work> work) throws IOException {
        long done = work.stream().filter(piece -> Files.exists(piece.file())).count();
        if (done < work.size()) {
            say(what + ": " + done + " of " + work.size() + " are there");
        }
        folder.finish(work);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    /** What one seed needs; made when first asked for, since another process may do all of its work. */
    private final class Seed {
        private final ParetoConfig config;
        private final ExampleSplit split;
        private final FixedSchemes fixed;

        Seed(ParetoConfig config) {
            this.config = config;
            ExperimentConfig experiment = config.experiment();
            split = ExampleSplit.of(ImageExamples.train(data), experiment.data().validation(), experiment.seed());
            fixed = new FixedSchemes(experiment, split, TrainingListener.NONE);
        }

        long number() {
            return config.experiment().seed();
        }

        void makeTrunk() throws IOException {
            Freezer.freeze(fixed.trunk(), Map.of("experiment", config.experiment().name(), "seed",
                    Long.toString(number()), "network", "float32 trunk")).save(folder.trunk(number()));
            say("seed " + number() + ": float32 network trained");
        }

        private Network trunk() throws IOException {
            return FloatNetwork.read(PackedModel.load(folder.trunk(number())));
        }

        void makePlan() throws IOException {
            Plan plan = Plan.of(config, split, fixed, trunk(), folder.sensitivity(number()));
            ParetoFolder.write(folder.plan(number()), plan);
            say("seed " + number() + ": " + plan.entries().size() + " schemes to compare with");
        }

        void makeSearched(int subspace, double budget) throws IOException {
            long start = System.nanoTime();
            SearchSpace space = subspace == 0
                    ? config.experiment().space()
                    : config.pareto().subspaces().get(subspace - 1);
            ExperimentConfig experiment = config.at(budget, space);
            SearchedNetwork searched = SearchedNetwork.search(experiment, split, TrainingListener.NONE,
                    RunParts.UNSAVED);
            double soft = Evaluation.accuracy(Evaluation.softLogits(searched.network(), test), test);
            searched.settle(experiment, split, TrainingListener.NONE, RunParts.UNSAVED);
            double gap = soft - Evaluation.accuracy(Evaluation.logits(searched.discrete(), test), test);
            new Training(experiment.training(), number(), TrainingListener.NONE).fineTune("fine-tuning",
                    searched.discrete(), split.train(), experiment.finetune(),
                    experiment.search().warmupEpochs() + experiment.search().epochs());
            TrainedScheme trained = measured(searched.discrete(), MixedPrecision.of(searched.allocation()), gap);
            ParetoFolder.write(folder.searched(number(), subspace, budget), trained);
            tell("searched" + (subspace == 0 ? "" : " (subspace " + subspace + ")") + " at " + budget, trained, start);
        }

        /** Every scheme of the plan and of the searches once. */
        List<Work> schemes() throws IOException {
            Set<String> schemes = new LinkedHashSet<>();
            Json.read(folder.plan(number()), Plan.class).entries().forEach(entry -> schemes.add(entry.scheme()));
            for (double budget : config.pareto().budgets()) {
                schemes.add(Json.read(folder.searched(number(), 0, budget), TrainedScheme.class).scheme());
            }
            Network trunk = trunk();
            List<Work> work = new ArrayList<>();
            for (String scheme : schemes) {
                MixedPrecision parsed = MixedPrecision.parse(scheme);
                work.add(new Work(folder.trained(number(), parsed), () -> makeTrained(trunk, parsed)));
            }
            return work;
        }

        private void makeTrained(Network trunk, MixedPrecision scheme) throws IOException {
            long start = System.nanoTime();
            TrainedScheme trained;
            try {
                trained = measured(fixed.fineTuned(trunk, scheme, "fine-tuning"), scheme, null);
            } catch (DivergedException e) {
                throw new IOException("seed " + number() + ", " + scheme + ": " + e.getMessage(), e);
            }
            ParetoFolder.write(folder.trained(number(), scheme), trained);
            tell("trained", trained, start);
        }

        private TrainedScheme measured(Network network, MixedPrecision scheme, @Nullable Double gap) {
            float[] logits = Evaluation.logits(network, test);
            return new TrainedScheme(scheme.toString(), Evaluation.accuracy(logits, test),
                    Evaluation.loss(logits, test), gap);
        }

        private void tell(String what, TrainedScheme trained, long start) {
            say("seed " + number() + ": " + what + " " + trained.scheme() + " " + Numbers.percent(trained.accuracy(), 2)
                    + " in " + Numbers.fixed((System.nanoTime() - start) / 1e9, 1) + " s");
        }
    }
}
