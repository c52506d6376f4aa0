package dev.darq.kernels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes packed model files. */
final class ModelWriter {
    private static final int BUFFER = 1 << 16;

    private final FileChannel channel;
    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

    private ModelWriter(FileChannel channel) {
        this.channel = channel;
    }

    static void save(PackedModel model, Path path) throws IOException {
        AtomicFile.write(path, channel -> new ModelWriter(channel).write(model));
    }

    private void write(PackedModel model) throws IOException {
        List<StoredTensor> tensors = new ArrayList<>();
        for (Operation operation : model.operations()) {
            if (operation instanceof Linear linear) {
                tensors.addAll(StoredTensor.of(linear));
            }
        }
        // Wide elements first: each tensor is then aligned to its elements without a hole between two of them.
        tensors.sort(Comparator.comparingInt(tensor -> -tensor.type().bytes));
        byte[] header = ModelHeader.write(model, tensors);
        putLong(header.length);
        for (byte b : header) {
            putByte(b);
        }
        for (StoredTensor tensor : tensors) {
            write(tensor);
        }
        flush();
        // The sum was taken over a blank checksum; now put the real one in its place.
        byte[] digits = ModelHeader.ascii(HexFormat.of().toHexDigits((int) checksum.getValue()));
        ByteBuffer patch = ByteBuffer.wrap(digits);
        while (patch.hasRemaining()) {
            channel.write(patch, ModelHeader.CHECKSUM_AT + patch.position());
        }
    }

    private void write(StoredTensor tensor) throws IOException {
        switch (tensor.content()) {
            case float[] values when tensor.type() == StoredTensor.Type.F16 -> {
                for (float value : values) {
                    putShort(Float.floatToFloat16(value));
                }
            }
            case float[] values -> {
                for (float value : values) {
                    putInt(Float.floatToRawIntBits(value));
                }
            }
            case short[] values -> {
                for (short value : values) {
                    putShort(value);
                }
            }
            case BinaryCode code -> writePlanes(code);
            default -> throw new IllegalStateException("no way to write " + tensor.name());
        }
    }

    private void writePlanes(BinaryCode code) throws IOException {
        int words = BinaryCode.words(code.columns());
        int bytes = StoredTensor.planeBytes(code.columns());
        for (int first = 0; first < code.planes().length; first += words) {
            for (int b = 0; b < bytes; b++) {
                putByte((byte) (code.planes()[first + (b >> 3)] >>> 8 * (b & 7)));
            }
        }
    }

    private void putLong(long value) throws IOException {
        room(Long.BYTES).putLong(value);
    }

    private void putInt(int value) throws IOException {
        room(Integer.BYTES).putInt(value);
    }

    private void putShort(short value) throws IOException {
        room(Short.BYTES).putShort(value);
    }

    private void putByte(byte value) throws IOException {
        room(Byte.BYTES).put(value);
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    private void flush() throws IOException {
        buffer.flip();
        checksum.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
