package dev.darq.experiments.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A table that can be read in a terminal and in Markdown, and written as CSV and JSON. */
public final class Table {
    /** On which side the text of a column stands. */
    public enum Align {
        /** Text. */
        LEFT,
        /** Numbers. */
        RIGHT
    }

    private record Column(String header, String key, Align align) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<Cell>> rows = new ArrayList<>();

    /** Adds a column of text. */
    public Table text(String header) {
        return column(header, header, Align.LEFT);
    }

    /** Adds a column of numbers. */
    public Table number(String header) {
        return number(header, header);
    }

    /** Adds a column of numbers whose name for programs (CSV, JSON) is another: there names must not repeat. */
    public Table number(String header, String key) {
        return column(header, key, Align.RIGHT);
    }

    private Table column(String header, String key, Align align) {
        if (!rows.isEmpty()) {
            throw new IllegalStateException("column '" + header + "' comes after the first row");
        }
        columns.add(new Column(header, key, align));
        return this;
    }

    /** Adds a row of as many cells as there are columns. */
    public Table row(Cell... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "a row of " + cells.length + " cells does not fit " + columns.size() + " columns");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** Adds a row of as many texts as there are columns. */
    public Table row(String... texts) {
        return row(Arrays.stream(texts).map(Cell::of).toArray(Cell[]::new));
    }

    /** The table in Markdown, with all columns aligned for a terminal. */
    public String toMarkdown() {
        int[] widths = new int[columns.size()];
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(column -> escape(column.header())).toList());
        rows.forEach(row -> lines.add(row.stream().map(cell -> escape(cell.text())).toList()));
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(Math.max(widths[i], 3), length(line.get(i)));
            }
        }
        List<String> rule = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            boolean left = columns.get(i).align() == Align.LEFT;
            rule.add(left ? "-".repeat(widths[i]) : "-".repeat(widths[i] - 1) + ":");
        }
        lines.add(1, rule);
        return lines.stream().map(line -> markdownLine(line, widths)).collect(Collectors.joining());
    }

    private String markdownLine(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - length(line.get(i)));
            boolean left = columns.get(i).align() == Align.LEFT;
            text.append(' ').append(left ? line.get(i) + padding : padding + line.get(i)).append(" |");
        }
        return text.append('\n').toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String escape(String text) {
        return text.replace("|", "\\|").replaceAll("\\R", " ");
    }

    /** The values as CSV with a header (RFC 4180, lines ending in CR LF); empty where there is no value. */
    public String toCsv() {
        StringBuilder csv = new StringBuilder(csvLine(columns.stream().map(Column::key).toList()));
        for (List<Cell> row : rows) {
            csv.append(csvLine(row.stream().map(cell -> cell.value() == null ? "" : cell.value().toString()).toList()));
        }
        return csv.toString();
    }

    private static String csvLine(List<String> fields) {
        return fields.stream()
                .map(field -> field.matches("(?s).*[\",\r\n].*") ? "\"" + field.replace("\"", "\"\"") + "\"" : field)
                .collect(Collectors.joining(",", "", "\r\n"));
    }

    /** The values as a JSON array with one object a row, keyed by the headers. */
    public String toJson() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (List<Cell> row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int i = 0; i < row.size(); i++) {
                object.put(columns.get(i).key(), row.get(i).value());
            }
            objects.add(object);
        }
        return Json.write(objects);
    }
}
