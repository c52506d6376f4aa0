package dev.darq.benchmarks;

import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.tensor.AbstractTensor;
import com.github.tjake.jlama.tensor.FloatBufferTensor;
import com.github.tjake.jlama.tensor.Q4ByteBufferTensor;
import com.github.tjake.jlama.tensor.TensorShape;
import com.github.tjake.jlama.tensor.operations.TensorOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** One linear layer on Jlama's tensors: Q4 weights, inputs rounded to int8 in blocks in each call, as its models do. */
final class JlamaContender implements Contender {
    private final TensorOperations operations;
    private final int inputs;
    private final int outputs;
    private final Q4ByteBufferTensor weights;
    private final List<FloatBufferTensor> x = new ArrayList<>();
    private final List<FloatBufferTensor> y = new ArrayList<>();

    /**
     * Copies weights and input.
     *
     * @param code the weights: 4 bits in blocks of 32
     * @param chunk the most samples of one call into Jlama
     */
    JlamaContender(Workload workload, BlockCode code, TensorOperations operations, int chunk) {
        this.operations = operations;
        inputs = code.columns();
        outputs = code.rows();
        weights = pack(code);
        for (int from = 0; from < workload.batch(); from += chunk) {
            int samples = Math.min(chunk, workload.batch() - from);
            FloatBufferTensor in = new FloatBufferTensor(samples, inputs);
            for (int sample = 0; sample < samples; sample++) {
                for (int i = 0; i < inputs; i++) {
                    in.set(workload.input()[(from + sample) * inputs + i], sample, i);
                }
            }
            x.add(in);
            y.add(new FloatBufferTensor(samples, outputs));
        }
    }

    /** A byte holds the codes of columns i and i + half a block. */
    private static Q4ByteBufferTensor pack(BlockCode code) {
        int half = code.block() / 2;
        ByteBuffer bytes = ByteBuffer.allocateDirect(code.codes().length / 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < code.scales().length; block++) {
            for (int i = block * code.block(); i < block * code.block() + half; i++) {
                bytes.put((byte) (code.codes()[i] | code.codes()[i + half] << 4));
            }
        }
        FloatBufferTensor scales = new FloatBufferTensor(code.rows(), code.columns() / code.block());
        for (int i = 0; i < code.scales().length; i++) {
            scales.set(code.scales()[i], i / scales.shape().dim(1), i % scales.shape().dim(1));
        }
        return new Q4ByteBufferTensor("weights", bytes.flip(), scales, TensorShape.of(code.rows(), code.columns()),
                true);
    }

    @Override
    public Object run() {
        for (int i = 0; i < x.size(); i++) {
            try (AbstractTensor<?, ?> rounded = operations.quantize(x.get(i), DType.I8, 0, inputs)) {
                operations.batchDotProduct(y.get(i), rounded, weights, 0, 0, inputs, 0, 0, outputs);
            }
        }
        return y;
    }

    @Override
    public float[] output() {
        float[] values = new float[x.stream().mapToInt(tensor -> tensor.shape().dim(0)).sum() * outputs];
        int at = 0;
        for (FloatBufferTensor tensor : y) {
            for (int sample = 0; sample < tensor.shape().dim(0); sample++) {
                for (int i = 0; i < outputs; i++) {
                    values[at++] = tensor.get(sample, i);
                }
            }
        }
        return values;
    }
}
