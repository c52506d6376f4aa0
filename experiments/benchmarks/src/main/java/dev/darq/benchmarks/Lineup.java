package dev.darq.benchmarks;

import com.github.tjake.jlama.tensor.operations.PanamaTensorOperations;
import com.github.tjake.jlama.tensor.operations.TensorOperations;
import com.github.tjake.jlama.util.MachineSpec;
import dev.darq.benchmarks.Arithmetic.BlockedInt8;
import dev.darq.benchmarks.Arithmetic.Coded;
import dev.darq.benchmarks.Arithmetic.Unrounded;
import dev.darq.kernels.BinaryCode;
import dev.darq.kernels.FloatWeights;
import dev.darq.kernels.GroupedWeights;
import dev.darq.kernels.IntegerWeights;
import dev.darq.kernels.Linear;
import dev.darq.kernels.Operation;
import dev.darq.kernels.PackedModel;
import dev.darq.kernels.WeightCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The contenders of one workload. A library that does not run here is left out, with a line that says so. */
final class Lineup implements AutoCloseable {
    static final String DARQ_FLOAT = "Darq float32";
    static final String ONNX_FLOAT = "ONNX Runtime float32";
    static final String ONNX_INT8 = "ONNX Runtime int8";
    /** Jlama's native product leaves some outputs of more samples than five unwritten, the Vector API one does not. */
    private static final int JLAMA_NATIVE_CHUNK = 4;
    private static final int JLAMA_BLOCK = 32;
    private static final int JLAMA_BITS = 4;
    /** Jlama adds one half and cuts off, also below zero: the error lies between -0.5 and 1.5 steps. */
    private static final int JLAMA_STEPS = 2;

    /**
     * A library, or a part of it, that does not run here.
     *
     * @param what its name
     * @param why what it threw, and where
     */
    record LeftOut(String what, String why) {}

    private final Workload workload;
    private final List<Entry> entries = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final Reference floats;

    Lineup(Workload workload) {
        this.workload = workload;
        floats = Reference.of(workload,
                new Arithmetic(workload.network().layers().stream().map(Network.Layer::weights).toList(),
                        new Unrounded()));
        boolean single = workload.network().layers().size() == 1;
        PackedModel twin = addDarq(single);
        entries.add(new Entry("naive float32 loop", NaiveContender.floats(workload), floats,
                new Unrounded().bound(), bytes(twin), 0));
        attempt("libtorch", () -> entries.add(new Entry("libtorch float32", new TorchContender(workload, twin), floats,
                new Unrounded().bound(), bytes(twin), 0)));
        attempt("ONNX Runtime", () -> addOnnx(single));
        if (single) {
            attempt("Jlama", this::addJlama);
        }
    }

    /** The contenders, in the order of the table. */
    List<Entry> entries() {
        return entries;
    }

    /** What does not run here. */
    List<LeftOut> leftOut() {
        return leftOut;
    }

    /** Adds the packed models and the naive loops over the same codes; returns the one of floats. */
    private PackedModel addDarq(boolean single) {
        List<Entry> naive = new ArrayList<>();
        for (int bits = 1; bits <= 4; bits++) {
            PackedModel model = Codes.lq(bits).pack(workload.network());
            Entry entry = add("Darq " + pair(bits, bits), model, bits * bits);
            if (bits <= 3) {
                Contender loop = NaiveContender.words(workload, model);
                naive.add(new Entry("naive 32-bit words " + pair(bits, bits), loop, entry.reference(), entry.bound(),
                        entry.weightBytes(), 0));
            }
        }
        for (int bits = 2; bits <= 4; bits++) {
            // Evenly spaced inputs, which the lookup kernel takes; at one bit there is no difference.
            add("Darq " + pair(bits, bits) + " lq by uniform", Codes.lqByUniform(bits, bits));
        }
        if (single) {
            add("Darq (4,4) uniform", Codes.uniform(4));
            add("Darq (1,8)", Codes.lqByUniform(1, 8));
            add("Darq (4,8)", Codes.lqByUniform(4, 8));
            add("Darq (8,8) uniform", Codes.uniform(8));
        }
        PackedModel twin = Codes.floats().pack(workload.network());
        entries.add(new Entry(DARQ_FLOAT, new DarqContender(workload, twin), floats, new Unrounded().bound(),
                bytes(twin), 0));
        entries.addAll(naive);
        return twin;
    }

    private static String pair(int weightBits, int activationBits) {
        return "(" + weightBits + "," + activationBits + ")";
    }

    private void add(String name, Codes codes) {
        add(name, codes.pack(workload.network()), codes.planePairs());
    }

    private Entry add(String name, PackedModel model, int planePairs) {
        List<Linear> linears = linears(model);
        Arithmetic arithmetic = new Arithmetic(linears.stream().map(linear -> linear.weights().decode()).toList(),
                new Coded(linears.stream().map(Linear::input).toList()));
        Entry entry = new Entry(name, new DarqContender(workload, model), Reference.of(workload, arithmetic),
                arithmetic.rounding().bound(), bytes(model), planePairs);
        entries.add(entry);
        return entry;
    }

    private static List<Linear> linears(PackedModel model) {
        List<Linear> linears = new ArrayList<>();
        for (Operation operation : model.operations()) {
            if (operation instanceof Linear linear) {
                linears.add(linear);
            }
        }
        return linears;
    }

    private static long bytes(PackedModel model) {
        return linears(model).stream().mapToLong(linear -> bytes(linear.weights())).sum();
    }

    private static long bytes(WeightCode weights) {
        return switch (weights) {
            case BinaryCode code -> Long.BYTES * (long) code.planes().length
                    + Float.BYTES * (long) (code.basis().length + code.offset().length);
            case FloatWeights code -> Float.BYTES * (long) code.values().length;
            case IntegerWeights code -> Short.BYTES * (long) code.codes().length;
            case GroupedWeights code -> bytes(code.groups());
        };
    }

    private void addOnnx(boolean single) throws Exception {
        Objects.requireNonNull(OnnxContender.environment());
        add(ONNX_FLOAT, OnnxModels.floats(workload), floats);
        add(ONNX_INT8, OnnxModels.dynamicInt8(workload));
        if (single) {
            for (int bits : new int[] {2, 4}) {
                for (int block : new int[] {32, 128}) {
                    add("ONNX Runtime MatMulNBits " + bits + " bit, block " + block,
                            OnnxModels.blocks(workload, bits, block));
                }
            }
        }
    }

    private void add(String name, OnnxModels.Model model) throws Exception {
        add(name, model, Reference.of(workload, model.arithmetic()));
    }

    private void add(String name, OnnxModels.Model model, Reference reference) throws Exception {
        entries.add(new Entry(name, new OnnxContender(workload, model.bytes()), reference,
                model.arithmetic().rounding().bound(), model.weightBytes(), 0));
    }

    private void addJlama() {
        BlockCode code = BlockCode.of(workload.network().layers().getFirst(), JLAMA_BITS, JLAMA_BLOCK);
        BlockedInt8 rounding = new BlockedInt8(JLAMA_BLOCK, JLAMA_STEPS);
        Reference reference = Reference.of(workload, new Arithmetic(List.of(code.decode()), rounding));
        attempt("Jlama native", () -> {
            // By name: its jar exists for some platforms only.
            TensorOperations operations = (TensorOperations) Class
                    .forName("com.github.tjake.jlama.tensor.operations.NativeSimdTensorOperations").getConstructor()
                    .newInstance();
            addJlama("Jlama Q4, native", code, operations, JLAMA_NATIVE_CHUNK, reference, rounding);
        });
        attempt("Jlama Vector API", () -> addJlama("Jlama Q4, Vector API", code,
                new PanamaTensorOperations(MachineSpec.VECTOR_TYPE), workload.batch(), reference, rounding));
    }

    private void addJlama(String name, BlockCode code, TensorOperations operations, int chunk, Reference reference,
            BlockedInt8 rounding) {
        JlamaContender contender = new JlamaContender(workload, code, operations, chunk);
        contender.run(); // not every operation exists for every width of vectors
        entries.add(new Entry(name, contender, reference, rounding.bound(), code.bytes(), 0));
    }

    /** Something that fails where a native library is missing. */
    private interface Attempt {
        void run() throws Exception;
    }

    private void attempt(String library, Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception | LinkageError e) {
            StackTraceElement[] trace = e.getStackTrace();
            leftOut.add(new LeftOut(library, e + (trace.length == 0 ? "" : " at " + trace[0])));
        }
    }

    @Override
    public void close() throws Exception {
        for (Entry entry : entries) {
            entry.contender().close();
        }
    }
}
