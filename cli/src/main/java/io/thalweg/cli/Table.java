package io.thalweg.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table that fits the terminal: the widest column of text gives way. Confined to one thread. */
final class Table {

    private static final String GAP = "  ";
    private static final int MIN_COLUMN = 8;

    private final List<List<String>> rows = new ArrayList<>();
    private final int columnsCount;
    private final List<Boolean> isNumber;

    /** Begins with its headings; a heading that ends with {@code #} stands over numbers, which are aligned to the right. */
    Table(String... headings) {
        columnsCount = headings.length;
        isNumber =
                List.of(headings).stream().map(heading -> heading.endsWith("#")).toList();
        rows.add(List.of(headings).stream()
                .map(heading -> heading.endsWith("#") ? heading.substring(0, heading.length() - 1) : heading)
                .toList());
    }

    void add(Object... cells) {
        if (cells.length != columnsCount) {
            throw new IllegalArgumentException(cells.length + " cells for " + columnsCount + " columns");
        }
        rows.add(List.of(cells).stream().map(String::valueOf).toList());
    }

    void print(PrintWriter out, int maxWidth) {
        var widths = widths(maxWidth);
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < columnsCount; i++) {
                line.append(i == 0 ? "" : GAP).append(cell(row.get(i), widths[i], isNumber.get(i)));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int[] widths(int maxWidth) {
        var widths = new int[columnsCount];
        for (var row : rows) {
            for (int i = 0; i < columnsCount; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        var total = GAP.length() * (columnsCount - 1);
        for (var width : widths) {
            total += width;
        }
        while (total > maxWidth) {
            var widest = 0;
            for (int i = 1; i < columnsCount; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= MIN_COLUMN) {
                return widths;
            }
            widths[widest]--;
            total--;
        }
        return widths;
    }

    private static String cell(String text, int width, boolean isNumber) {
        var cut = text.length() > width ? text.substring(0, width - 1) + "…" : text;
        var padding = " ".repeat(width - cut.length());
        return isNumber ? padding + cut : cut + padding;
    }
}
