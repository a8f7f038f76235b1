package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kcat, and with it librdkafka, against one broker. Skipped where kcat is not installed. */
final class KcatTest {

    private static Broker broker;

    @BeforeAll
    static void startBroker(@TempDir Path directory) {
        assumeTrue(Kcat.isInstalled(), Kcat.MISSING);
        broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void roundTripWithEveryCodec(String codec) throws Exception {
        var topic = "codec-" + codec;
        var lines = IntStream.range(0, 1_000).mapToObj(i -> "line " + i).toList();

        kcat(String.join("\n", lines), "-P", "-t", topic, "-z", codec);

        assertThat(kcat("", "-C", "-t", topic, "-o", "beginning", "-e", "-q")).isEqualTo(lines);
    }

    @Test
    void keysHeadersAndOffsets() throws Exception {
        kcat("a:1\nb:2\n", "-P", "-t", "keyed", "-K", ":", "-H", "trace=yes");

        assertThat(kcat("", "-C", "-t", "keyed", "-e", "-q", "-f", "%o %k %s %h\n"))
                .containsExactly("0 a 1 trace=yes", "1 b 2 trace=yes");
        assertThat(kcat("", "-C", "-t", "keyed", "-o", "1", "-e", "-q")).containsExactly("2");
        assertThat(kcat("", "-C", "-t", "keyed", "-o", "-1", "-e", "-q")).containsExactly("2");
    }

    @Test
    void listsTopics() throws Exception {
        kcat("x\n", "-P", "-t", "listed");

        assertThat(kcat("", "-L", "-t", "listed")).anyMatch(line -> line.contains("\"listed\" with 1 partitions"));
    }

    @Test
    void queriesOffsetsByTime() throws Exception {
        kcat("x\ny\n", "-P", "-t", "queried");

        assertThat(kcat("", "-Q", "-t", "queried:0:-1")).containsExactly("queried [0] offset 2");
        assertThat(kcat("", "-Q", "-t", "queried:0:-2")).containsExactly("queried [0] offset 0");
        assertThat(kcat("", "-Q", "-t", "queried:0:1")).containsExactly("queried [0] offset 0");
    }

    @Test
    void aGroupGoesOnWhereItStopped() throws Exception {
        var before = IntStream.range(0, 100).mapToObj(i -> "before " + i).toList();
        kcat(String.join("\n", before), "-P", "-t", "shared");
        assertThat(group("shared", 100)).isEqualTo(before);

        kcat("after", "-P", "-t", "shared");

        assertThat(group("shared", 1)).containsExactly("after");
    }

    /** Reads so many records of the topic as a member of the group of that name. */
    private static List<String> group(String topic, int count) throws Exception {
        return kcat("", "-X", "auto.offset.reset=earliest", "-q", "-c", Integer.toString(count), "-G", topic, topic);
    }

    private static List<String> kcat(String input, String... arguments) throws IOException, InterruptedException {
        return Kcat.run(broker.bootstrap(), input, arguments);
    }
}
