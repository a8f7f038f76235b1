package io.thalweg.samples;

import static io.thalweg.api.Thalweg.await;

import io.thalweg.api.NewTopic;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts the words of a text: lines go into a topic, a member of a group counts them. */
public final class WordCount {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Pattern NO_LETTERS = Pattern.compile("[^a-z]+");

    private WordCount() {}

    /** Takes the bootstrap brokers and a file of text. */
    public static void main(String[] args) throws IOException {
        try (var client = Thalweg.connect(args[0])) {
            run(client, Files.readAllLines(Path.of(args[1])))
                    .forEach((word, count) -> System.out.println(count + "\t" + word));
        }
    }

    static Map<String, Integer> run(Thalweg client, List<String> lines) {
        await(client.admin().createTopic(NewTopic.of("lines", 2)));
        try (var producer = client.producer(Serde.string(), Serde.string())) {
            lines.forEach(line -> producer.send(ProducerRecord.of("lines", line)));
        }

        // README: group
        var counts = new TreeMap<String, Integer>();
        try (var consumer = client.consumer(Subscription.of("counters", Serde.string(), Serde.string(), "lines"))) {
            var seen = 0;
            while (seen < lines.size()) {
                for (var record : consumer.poll(POLL)) {
                    words(record.value()).forEach(word -> counts.merge(word, 1, Integer::sum));
                    seen++;
                }
            }
            await(consumer.commit());
        }
        return counts;
        // end
    }

    private static Stream<String> words(@Nullable String line) {
        return line == null
                ? Stream.empty()
                : NO_LETTERS.splitAsStream(line.toLowerCase(Locale.ROOT)).filter(word -> !word.isEmpty());
    }
}
