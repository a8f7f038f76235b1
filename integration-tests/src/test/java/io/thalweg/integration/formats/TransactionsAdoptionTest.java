package io.thalweg.integration.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.storage.internals.log.AbortedTxn;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions in a log that Kafka's own classes have written: what Thalweg makes of them, and Kafka of what Thalweg leaves. */
final class TransactionsAdoptionTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final int ROUNDS = 40;

    @TempDir
    private Path directory;

    private final Uuid topicId = Uuid.randomUuid();
    private final List<String> committed = new ArrayList<>();
    private final List<String> all = new ArrayList<>();
    private long lastStableOffset;
    private List<AbortedTxn> aborted = List.of();

    /** What is left of the notes that Kafka made beside the batches. */
    private enum Notes {
        ALL,
        NO_SNAPSHOTS,
        NONE
    }

    /** Producers 1 to 3 write in turn; 1 commits, 2 aborts, 3 commits and aborts, and one is open in the end. */
    @BeforeEach
    void writeAsKafka() throws Exception {
        try (var kafka = new KafkaLogs()) {
            var log = kafka.open(directory.resolve("orders-0"), topicId, true);
            var sequences = new int[4];
            for (var round = 0; round < ROUNDS; round++) {
                for (var producer = 1; producer <= 3; producer++) {
                    write(log, producer, sequences[producer]++, isCommitted(producer, round));
                }
                plain(log);
                for (var producer = 1; producer <= 3; producer++) {
                    end(log, producer, isCommitted(producer, round));
                }
                if (round % 15 == 14) {
                    log.roll();
                }
            }
            lastStableOffset = log.logEndOffset();
            write(log, 1, sequences[1], false);
            plain(log);
            committed.remove(committed.size() - 1);
            log.updateHighWatermark(log.logEndOffset());
            assertThat(log.lastStableOffset()).isEqualTo(lastStableOffset);
            aborted = abortedIn(log);
            assertThat(aborted).hasSize(ROUNDS + ROUNDS / 2);
            log.close();
        }
        Files.writeString(directory.resolve(".kafka_cleanshutdown"), "{\"version\":0,\"brokerEpoch\":7}");
    }

    private static List<AbortedTxn> abortedIn(UnifiedLog log) {
        return log.collectAbortedTransactions(log.logStartOffset(), log.logEndOffset());
    }

    private static boolean isCommitted(int producer, int round) {
        return producer == 1 || (producer == 3 && round % 2 == 0);
    }

    private void write(UnifiedLog log, int producer, int sequence, boolean isCommitted) throws IOException {
        var value = "producer " + producer + " sequence " + sequence;
        all.add(value);
        if (isCommitted) {
            committed.add(value);
        }
        log.appendAsLeader(
                MemoryRecords.withTransactionalRecords(Compression.NONE, producer, (short) 0, sequence, record(value)),
                3);
    }

    private void plain(UnifiedLog log) throws IOException {
        var value = "plain " + all.size();
        all.add(value);
        committed.add(value);
        log.appendAsLeader(MemoryRecords.withRecords(Compression.NONE, record(value)), 3);
    }

    private static SimpleRecord record(String value) {
        return new SimpleRecord(System.currentTimeMillis(), null, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void end(UnifiedLog log, int producer, boolean isCommitted) throws IOException {
        var type = isCommitted ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        log.appendAsLeader(
                MemoryRecords.withEndTransactionMarker(producer, (short) 0, new EndTransactionMarker(type, 0)),
                3,
                AppendOrigin.COORDINATOR,
                RequestLocal.noCaching(),
                VerificationGuard.SENTINEL,
                (short) 1);
    }

    private void leave(Notes notes) throws IOException {
        try (var files = Files.list(directory.resolve("orders-0"))) {
            for (var file : files.toList()) {
                var name = file.toString();
                if ((notes != Notes.ALL && name.endsWith(".snapshot"))
                        || (notes == Notes.NONE && name.endsWith(".txnindex"))) {
                    Files.delete(file);
                }
            }
        }
    }

    private Broker start() {
        return Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .start();
    }

    private static KafkaConsumer<String, String> consumer(Broker broker, IsolationLevel isolation) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", isolation.toString()),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static List<String> read(Broker broker, IsolationLevel isolation, long end) {
        var values = new ArrayList<String>();
        try (var consumer = consumer(broker, isolation)) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            while (consumer.position(ORDERS) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    private static long end(Admin admin, IsolationLevel isolation) throws Exception {
        return admin.listOffsets(Map.of(ORDERS, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(ORDERS)
                .get()
                .offset();
    }

    @ParameterizedTest
    @EnumSource(Notes.class)
    void readersAreGivenWhatKafkaWouldGiveThem(Notes notes) throws Exception {
        leave(notes);

        for (var starts = 0; starts < 2; starts++) {
            try (var broker = start();
                    var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                assertThat(end(admin, IsolationLevel.READ_COMMITTED)).isEqualTo(lastStableOffset);
                var end = end(admin, IsolationLevel.READ_UNCOMMITTED);
                assertThat(end).isEqualTo(lastStableOffset + 2);
                assertThat(read(broker, IsolationLevel.READ_COMMITTED, lastStableOffset))
                        .isEqualTo(committed);
                assertThat(read(broker, IsolationLevel.READ_UNCOMMITTED, end)).isEqualTo(all);
                var open =
                        admin
                                .describeProducers(List.of(ORDERS))
                                .partitionResult(ORDERS)
                                .get()
                                .activeProducers()
                                .stream()
                                .filter(producer ->
                                        producer.currentTransactionStartOffset().isPresent())
                                .toList();
                assertThat(open).singleElement().satisfies(producer -> {
                    assertThat(producer.producerId()).isEqualTo(1);
                    assertThat(producer.currentTransactionStartOffset()).hasValue(lastStableOffset);
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Notes.class)
    void kafkaFindsTheSameTransactionsAfterwards(Notes notes) throws Exception {
        leave(notes);
        try (var broker = start();
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>("orders", 0, null, "more")).get();
        }

        try (var kafka = new KafkaLogs()) {
            var log = kafka.open(directory.resolve("orders-0"), topicId, true);
            log.updateHighWatermark(log.logEndOffset());

            assertThat(log.lastStableOffset()).isEqualTo(lastStableOffset);
            assertThat(abortedIn(log)).isEqualTo(aborted);
            log.close();
        }
        assertThat(dumped()).isEqualTo(indexed());
    }

    private static Set<Long> firstOffsets(List<AbortedTxn> transactions) {
        var offsets = new TreeSet<Long>();
        transactions.forEach(each -> offsets.add(each.firstOffset()));
        return offsets;
    }

    private Set<Long> indexed() {
        return firstOffsets(aborted);
    }

    /** What Kafka's tool reads in the indexes. */
    private Set<Long> dumped() throws Exception {
        var offsets = new TreeSet<Long>();
        try (var files = Files.list(directory.resolve("orders-0"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".txnindex")).toList()) {
                var told = KafkaFormatTest.dump(List.of(file));
                told.lines().filter(line -> line.contains("firstOffset: ")).forEach(line -> {
                    var words = line.substring(line.indexOf("firstOffset: ") + "firstOffset: ".length());
                    offsets.add(Long.valueOf(words.substring(0, words.indexOf(' '))));
                });
            }
        }
        return offsets;
    }

    @Test
    void whatIsDeletedFromTheStartTakesItsTransactionsAlong() throws Exception {
        var second = aborted.get(20).lastOffset() + 1;
        try (var broker = start();
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.deleteRecords(Map.of(ORDERS, RecordsToDelete.beforeOffset(second)))
                    .all()
                    .get();
            var left = read(broker, IsolationLevel.READ_COMMITTED, lastStableOffset);
            assertThat(left).isEqualTo(committed.subList(committed.size() - left.size(), committed.size()));
            assertThat(left).hasSizeBetween(1, committed.size() - 1);
        }

        try (var broker = start()) {
            var left = read(broker, IsolationLevel.READ_COMMITTED, lastStableOffset);
            assertThat(left).isEqualTo(committed.subList(committed.size() - left.size(), committed.size()));
        }
    }
}
