package dev.darq.experiments.latency;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.darq.experiments.report.Environment;
import dev.darq.experiments.report.Json;
import dev.darq.kernels.ActivationFunction;
import dev.darq.kernels.AtomicFile;
import dev.darq.quantizers.Candidate;
import dev.darq.search.LatencyTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A latency table on disk, as {@code darq calibrate} writes it, with what it was measured on.
 *
 * @param environment the machine
 * @param quantizers  the quantizers' options, which decide what codes are frozen
 * @param table       what was measured
 * @param checks      whole models, predicted from the table and measured with it
 */
public record LatencyFile(Environment environment, String quantizers, LatencyTable table, List<Check> checks) {
    /** What predictions are held to: how far they may be off, a fraction of what is measured. */
    public static final double TOLERANCE = 0.15;
    private static final String FORMAT = "darq-latency-1";
    private static final long LARGEST_FILE = 64L << 20;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    /** Copies the list. */
    public LatencyFile {
        checks = List.copyOf(checks);
    }

    /**
     * A whole model.
     *
     * @param scheme    weights/activations of its layers
     * @param predicted microseconds by the table
     * @param measured  microseconds in the same rounds
     */
    public record Check(String scheme, double predicted, double measured) {
        /** How far the prediction is off, a fraction of what was measured. */
        public double deviation() {
            return predicted / measured - 1;
        }
    }

    private record Row(int inputs, int outputs, @Nullable String function, String weights, String activations,
            double microseconds) {}

    private record Content(String format, Environment environment, String quantizers, double overheadMicroseconds,
            List<Row> layers, List<Check> checks) {}

    /**
     * Reads a table.
     *
     * @throws IOException              when the disk refuses
     * @throws IllegalArgumentException when the file is none, with what is wrong in one line
     */
    public static LatencyFile read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new IllegalArgumentException("is no latency table: expected at most " + LARGEST_FILE + " bytes");
        }
        Content content;
        try {
            content = JSON.readValue(Files.readAllBytes(file), Content.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("is no latency table: " + e.getOriginalMessage(), e);
        }
        if (content == null || !FORMAT.equals(content.format)) {
            throw new IllegalArgumentException("is no latency table: expected the format " + FORMAT + ", got "
                    + (content == null ? "nothing" : content.format));
        }
        Map<LatencyTable.Entry, Double> layers = new LinkedHashMap<>();
        for (Row row : content.layers) {
            layers.put(
                    new LatencyTable.Entry(row.inputs, row.outputs,
                            row.function == null ? null : function(row.function), Candidate.parse(row.weights),
                            Candidate.parse(row.activations)),
                    positive(row.microseconds));
        }
        if (!(content.overheadMicroseconds >= 0 && content.overheadMicroseconds < 1e9)) {
            throw new IllegalArgumentException(
                    "expected an overhead of 0 or more, got " + content.overheadMicroseconds);
        }
        return new LatencyFile(content.environment, content.quantizers,
                new LatencyTable(content.overheadMicroseconds, layers), content.checks);
    }

    private static ActivationFunction function(String name) {
        for (ActivationFunction function : ActivationFunction.values()) {
            if (name(function).equals(name)) {
                return function;
            }
        }
        throw new IllegalArgumentException("unknown function '" + name + "'");
    }

    private static String name(ActivationFunction function) {
        return function.name().toLowerCase(Locale.ROOT);
    }

    private static double positive(double microseconds) {
        if (!(microseconds > 0 && microseconds < 1e12)) {
            throw new IllegalArgumentException("expected microseconds above 0, got " + microseconds);
        }
        return microseconds;
    }

    /** Writes the table; the file is there in full or not at all. */
    public void write(Path file) throws IOException {
        List<Row> rows = table.layers().entrySet().stream()
                .map(entry -> new Row(entry.getKey().inputs(), entry.getKey().outputs(),
                        entry.getKey().function() == null ? null : name(entry.getKey().function()),
                        entry.getKey().weights().toString(), entry.getKey().activations().toString(),
                        entry.getValue()))
                .sorted(Comparator.comparing(Row::inputs).reversed().thenComparing(Row::outputs)
                        .thenComparing(row -> String.valueOf(row.function))
                        .thenComparing(row -> Candidate.parse(row.weights))
                        .thenComparing(row -> Candidate.parse(row.activations)))
                .toList();
        AtomicFile.write(file,
                Json.write(new Content(FORMAT, environment, quantizers, table.overhead(), rows, checks)));
    }

    /** Why this table says nothing about another machine or other kernels; null where it does. */
    public @Nullable String strangeTo(Environment here) {
        if (!environment.cpu().equals(here.cpu())) {
            return "was measured on another processor, " + environment.cpu() + ", this one is " + here.cpu();
        }
        if (!environment.provider().equals(here.provider())) {
            return "was measured with the kernels " + environment.provider() + ", here they are " + here.provider();
        }
        return null;
    }

    /** What may have changed since, though the table is used; null for nothing. */
    public @Nullable String ageTo(Environment here) {
        if (!environment.java().equals(here.java())) {
            return "was measured on Java " + environment.java() + ", this is " + here.java();
        }
        if (!environment.darq().equals(here.darq())) {
            return "was measured by Darq " + environment.darq() + ", this is " + here.darq();
        }
        return null;
    }
}
