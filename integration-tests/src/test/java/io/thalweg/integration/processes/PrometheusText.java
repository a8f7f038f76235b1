package io.thalweg.integration.processes;

import java.util.LinkedHashMap;
import java.util.Map;

/** An answer in Prometheus' text format; immutable. */
final class PrometheusText {

    private final Map<String, Double> samples = new LinkedHashMap<>();

    /** Reads samples such as {@code name{tag="value"} 3.0}. */
    PrometheusText(String text) {
        text.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).forEach(line -> {
            var space = line.lastIndexOf(' ');
            if (samples.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1))) != null) {
                throw new IllegalArgumentException("two samples in line " + line);
            }
        });
    }

    /** The sample of this name and these tags, as they are written. */
    double value(String sample) {
        var value = samples.get(sample);
        if (value == null) {
            throw new IllegalArgumentException("no sample " + sample + " among " + samples.keySet());
        }
        return value;
    }

    /** All samples of a name, whatever their tags, added up. */
    double sum(String name) {
        return samples.entrySet().stream()
                .filter(each -> each.getKey().equals(name) || each.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** Whether a sample mentions this text. */
    boolean mentions(String text) {
        return samples.keySet().stream().anyMatch(sample -> sample.contains(text));
    }
}
