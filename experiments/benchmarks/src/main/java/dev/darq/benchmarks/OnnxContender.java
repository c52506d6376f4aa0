package dev.darq.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** A model on ONNX Runtime, at its fastest from a JVM: one thread, input and output in direct buffers made beforehand. */
final class OnnxContender implements Contender {
    private final OrtSession session;
    private final OnnxTensor input;
    private final OnnxTensor output;
    private final FloatBuffer results;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    OnnxContender(Workload workload, byte[] model) throws OrtException {
        OrtEnvironment environment = environment();
        Network network = workload.network();
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            session = environment.createSession(model, options);
        }
        FloatBuffer samples = direct(workload.input().length).put(workload.input()).rewind();
        results = direct(workload.batch() * network.outputs());
        input = OnnxTensor.createTensor(environment, samples, new long[] {workload.batch(), network.inputs()});
        output = OnnxTensor.createTensor(environment, results, new long[] {workload.batch(), network.outputs()});
        inputs = Map.of(OnnxModels.INPUT, input);
        outputs = Map.of(OnnxModels.OUTPUT, output);
    }

    /** Loads the native library. */
    static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    }

    private static FloatBuffer direct(int length) {
        return ByteBuffer.allocateDirect(length * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    @Override
    public Object run() throws OrtException {
        session.run(inputs, outputs).close();
        return results;
    }

    @Override
    public float[] output() {
        float[] values = new float[results.capacity()];
        results.get(0, values);
        return values;
    }

    @Override
    public void close() throws OrtException {
        input.close();
        output.close();
        session.close();
    }
}
