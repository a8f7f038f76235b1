package io.thalweg.broker.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads the tables of facts about Apache Kafka: lines of columns with tabs between, the first column a resource. */
final class KafkaTable {

    private KafkaTable() {}

    static List<String[]> rows(String file, String resource, int columns) throws IOException {
        var stream = Objects.requireNonNull(KafkaTable.class.getResourceAsStream(file), file);
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> line.startsWith(resource + "\t"))
                    .map(line -> row(line.split("\t", -1), columns))
                    .collect(Collectors.toList());
        }
    }

    private static String[] row(String[] cells, int columns) {
        var row = Arrays.copyOf(cells, columns);
        Arrays.fill(row, Math.min(cells.length, columns), columns, "");
        return row;
    }
}
