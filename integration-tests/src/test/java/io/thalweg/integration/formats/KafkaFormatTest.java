package io.thalweg.integration.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.storage.file.FileStorage;
import io.thalweg.tck.runtime.RealRuntime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.storage.internals.checkpoint.PartitionMetadataFile;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.tools.DumpLogSegments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories of partitions go from Thalweg to Apache Kafka's own classes and tools, and the other way. */
final class KafkaFormatTest {

    private static final int RECORDS = 3000;
    private static final int VALUE_BYTES = 1000;
    private static final long PRODUCER_ID = 4711;

    /** Kafka forgets producers that wrote nothing for a day. */
    private static final long NOW_MILLIS = System.currentTimeMillis();

    @TempDir
    private Path directory;

    private static byte[] value(int index) {
        var bytes = new byte[VALUE_BYTES];
        new Random(index).nextBytes(bytes);
        return bytes;
    }

    /** What an idempotent producer wrote to a broker that was stopped. */
    private Path writtenByThalweg() throws Exception {
        try (var broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .start()) {
            try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                var topic =
                        new NewTopic("orders", 1, (short) 1).configs(Map.of("segment.bytes", KafkaLogs.SEGMENT_BYTES));
                admin.createTopics(List.of(topic)).all().get();
            }
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrap(), "linger.ms", 5),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                var sent = new ArrayList<Future<RecordMetadata>>();
                for (var i = 0; i < RECORDS; i++) {
                    sent.add(producer.send(new ProducerRecord<>("orders", 0, NOW_MILLIS + i, null, value(i))));
                }
                for (var each : sent) {
                    each.get();
                }
            }
        }
        return directory.resolve("orders-0");
    }

    private static List<Path> files(Path partition, String... suffixes) throws IOException {
        try (var files = Files.list(partition)) {
            return files.filter(file -> List.of(suffixes).stream()
                            .anyMatch(suffix -> file.toString().endsWith(suffix)))
                    .sorted()
                    .toList();
        }
    }

    /** What the tool says about some files, complaints included. */
    static String dump(List<Path> files, String... options) throws IOException {
        var arguments = new ArrayList<>(List.of(options));
        arguments.add("--files");
        arguments.add(String.join(",", files.stream().map(Path::toString).toList()));
        var said = new ByteArrayOutputStream();
        var out = System.out;
        var errors = System.err;
        var both = new PrintStream(said, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        try {
            DumpLogSegments.main(arguments.toArray(String[]::new));
        } finally {
            System.setOut(out);
            System.setErr(errors);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    /**
     * With {@code --deep-iteration} the tool expects every file to begin with offset 0 and says so of each that does not, those of Kafka
     * included.
     */
    private static final Pattern BEGINS_LATER =
            Pattern.compile("Non-consecutive offsets in \\S+\\R +-1 is followed by [0-9]+\\R");

    private static void assertNoComplaint(String told) {
        assertThat(BEGINS_LATER.matcher(told).replaceAll(""))
                .contains("Dumping ")
                .doesNotContainIgnoringCase("mismatch")
                .doesNotContain("Non-", "ot found", "rror", "out of order");
    }

    @Test
    void dumpLogSegmentsReadsEveryFileWithoutComplaint() throws Exception {
        var partition = writtenByThalweg();

        var told = dump(files(partition, ".log", ".index", ".timeindex"), "--deep-iteration", "--index-sanity-check");

        assertNoComplaint(told);
        assertThat(files(partition, ".log")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(told.lines().filter(line -> line.endsWith("passed sanity check.")))
                .hasSameSizeAs(files(partition, ".index", ".timeindex"));
        assertThat(told.lines().filter(line -> line.startsWith("| offset:"))).hasSize(RECORDS);
        var snapshot = dump(files(partition, ".snapshot"));
        assertNoComplaint(snapshot);
        assertThat(snapshot).contains("producerId: ");
    }

    @Test
    void dumpLogSegmentsFindsTheBatchOfEachIndexEntry() throws Exception {
        var indexes = files(writtenByThalweg(), ".index", ".timeindex");

        var told = dump(indexes, "--verify-index-only");

        assertNoComplaint(told);
        // The offset of the eighth entry.
        flip(indexes.get(0), 59);
        assertThat(dump(indexes, "--verify-index-only")).containsIgnoringCase("mismatch");
    }

    private static void flip(Path file, int position) throws IOException {
        var bytes = Files.readAllBytes(file);
        bytes[position] ^= 1;
        Files.write(file, bytes);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void kafkasLogClassesLoadOurs(boolean isClean) throws Exception {
        var partition = writtenByThalweg();
        var metadata = new PartitionMetadataFile(
                PartitionMetadataFile.newFile(partition.toFile()), new LogDirFailureChannel(1));
        try (var kafka = new KafkaLogs()) {
            var log = kafka.open(partition, metadata.read().topicId(), isClean);

            assertThat(log.logEndOffset()).isEqualTo(RECORDS);
            assertThat(log.logStartOffset()).isZero();
            assertThat(log.logSegments()).hasSizeGreaterThanOrEqualTo(3);
            assertThat(log.leaderEpochCache().latestEpoch()).isPresent();
            assertThat(log.activeProducers()).hasSize(1);
            assertThat(valuesIn(log))
                    .hasSize(RECORDS)
                    .allSatisfy((offset, bytes) -> assertThat(bytes).isEqualTo(value(offset.intValue())));
            log.close();
        }
    }

    private static Map<Long, byte[]> valuesIn(UnifiedLog log) throws IOException {
        var values = new TreeMap<Long, byte[]>();
        for (var next = 0L; next < log.logEndOffset(); ) {
            var records = log.read(next, 1 << 20, FetchIsolation.LOG_END, true).records;
            for (var record : records.records()) {
                values.put(record.offset(), bytesOf(record));
                next = record.offset() + 1;
            }
        }
        return values;
    }

    private static byte[] bytesOf(Record record) {
        var bytes = new byte[record.valueSize()];
        record.value().get(bytes);
        return bytes;
    }

    /** Two segments with two epochs, from an idempotent producer, by Kafka's own log. */
    private Uuid writtenByKafka(int count) throws Exception {
        var topicId = Uuid.randomUuid();
        try (var kafka = new KafkaLogs()) {
            var log = kafka.open(directory.resolve("orders-0"), topicId, true);
            for (var i = 0; i < count; i++) {
                var records = MemoryRecords.withIdempotentRecords(
                        Compression.gzip().build(),
                        PRODUCER_ID,
                        (short) 0,
                        i,
                        new SimpleRecord(NOW_MILLIS + i, null, value(i)));
                log.appendAsLeader(records, i < count / 2 ? 3 : 5);
                if (i == count / 3) {
                    log.roll();
                }
            }
            log.flush(true);
            log.close();
        }
        return topicId;
    }

    @Test
    void dumpLogSegmentsSaysTheSameOfKafkasOwnSegments() throws Exception {
        writtenByKafka(30);

        var told = dump(files(directory.resolve("orders-0"), ".log"), "--deep-iteration");

        assertThat(BEGINS_LATER.matcher(told).find()).isTrue();
        assertNoComplaint(told);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void logsWrittenByKafkaAreOpenedWithEveryRecord(boolean isClean) throws Exception {
        var topicId = writtenByKafka(500);
        if (isClean) {
            Files.writeString(directory.resolve(".kafka_cleanshutdown"), "{\"version\":0,\"brokerEpoch\":7}");
        }
        var id = new LogId("orders", new UUID(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits()), 0);
        try (var runtime = new RealRuntime();
                var engine = open(runtime)) {
            assertThat(engine.logs()).containsExactly(id);
            var log = engine.open(id, LogConfig.DEFAULT).toCompletableFuture().join();

            assertThat(log.offsets().start()).isZero();
            assertThat(log.offsets().end()).isEqualTo(500);
            assertThat(valuesIn(log))
                    .hasSize(500)
                    .allSatisfy((offset, bytes) -> assertThat(bytes).isEqualTo(value(offset.intValue())));
            var checkpoints = engine.checkpoints(id);
            var producers = checkpoints
                    .latest("snapshot", 500)
                    .toCompletableFuture()
                    .join()
                    .orElseThrow();
            assertThat(producers.offset()).isEqualTo(500);
            assertThat(producers.bytes().getLong(producers.bytes().position() + 10))
                    .isEqualTo(PRODUCER_ID);
            var epochs = checkpoints
                    .latest("leader-epochs", 500)
                    .toCompletableFuture()
                    .join()
                    .orElseThrow();
            assertThat(StandardCharsets.UTF_8.decode(epochs.bytes()).toString()).isEqualTo("0\n2\n3 0\n5 250\n");
        }
    }

    private StorageEngine open(RealRuntime runtime) {
        return FileStorage.at(directory)
                .open(new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random(1)));
    }

    private static Map<Long, byte[]> valuesIn(PartitionLog log) throws IOException {
        var values = new TreeMap<Long, byte[]>();
        for (var next = 0L; next < log.offsets().end(); ) {
            try (var slice = log.read(next, Long.MAX_VALUE, 1 << 20)
                    .toCompletableFuture()
                    .join()) {
                var bytes = ByteBuffer.allocate(slice.sizeInBytes());
                slice.copyTo(bytes, 0);
                for (var batch : RecordBatches.in(bytes.flip())) {
                    next = batch.nextOffset();
                }
                for (var record : MemoryRecords.readableRecords(bytes).records()) {
                    values.put(record.offset(), bytesOf(record));
                }
            }
        }
        return values;
    }
}
