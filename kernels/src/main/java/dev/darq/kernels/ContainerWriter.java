package dev.darq.kernels;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32C;

/** Writes safetensors files with a version and a checksum in their metadata. */
final class ContainerWriter {
    private static final int BUFFER = 1 << 16;

    private final FileChannel channel;
    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

    private ContainerWriter(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Writes a file, in full or not at all.
     *
     * @param metadata what stands beside format, version and checksum
     */
    static void save(Path path, ContainerFormat format, SequencedMap<String, String> metadata,
            List<StoredTensor> tensors) throws IOException {
        List<StoredTensor> sorted = new ArrayList<>(tensors);
        // Wide elements first: each tensor is then aligned to its elements without a hole between two of them.
        sorted.sort(Comparator.comparingInt(tensor -> -tensor.type().bytes));
        byte[] header = header(format, metadata, sorted);
        AtomicFile.write(path, channel -> new ContainerWriter(channel).write(format, header, sorted));
    }

    /** The header's bytes with a blank checksum, padded with spaces so that the tensors begin aligned. */
    private static byte[] header(ContainerFormat format, SequencedMap<String, String> metadata,
            List<StoredTensor> tensors) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeObjectFieldStart("__metadata__");
            json.writeStringField("format", format.name());
            json.writeStringField("version", format.version());
            json.writeStringField("checksum", ModelHeader.BLANK_CHECKSUM);
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            long at = 0;
            for (StoredTensor tensor : tensors) {
                at = writeTensor(json, tensor, at);
            }
            json.writeEndObject();
        }
        if (bytes.size() > ModelHeader.LONGEST - ModelHeader.ALIGNMENT) {
            throw new IOException(
                    "the header of a file holds at most " + ModelHeader.LONGEST + " bytes, this one needs "
                            + bytes.size());
        }
        int length = Math.ceilDiv(ModelHeader.LENGTH_BYTES + bytes.size(), ModelHeader.ALIGNMENT)
                * ModelHeader.ALIGNMENT - ModelHeader.LENGTH_BYTES;
        byte[] padded = Arrays.copyOf(bytes.toByteArray(), length);
        Arrays.fill(padded, bytes.size(), length, (byte) ' ');
        return padded;
    }

    private static long writeTensor(JsonGenerator json, StoredTensor tensor, long at) throws IOException {
        long end = Math.addExact(at, tensor.bytes());
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", tensor.type().name());
        json.writeArrayFieldStart("shape");
        for (long dimension : tensor.shape()) {
            json.writeNumber(dimension);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data_offsets");
        json.writeNumber(at);
        json.writeNumber(end);
        json.writeEndArray();
        json.writeEndObject();
        return end;
    }

    private void write(ContainerFormat format, byte[] header, List<StoredTensor> tensors) throws IOException {
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
            channel.write(patch, format.checksumAt(format.version()) + patch.position());
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
            case double[] values -> {
                for (double value : values) {
                    putLong(Double.doubleToRawLongBits(value));
                }
            }
            case long[] values -> {
                for (long value : values) {
                    putLong(value);
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
