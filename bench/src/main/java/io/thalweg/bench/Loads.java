package io.thalweg.bench;

import java.util.List;
import java.util.Map;

/** The loads, all with Kafka's own Java client of 1 KiB records where nothing else is said. */
final class Loads {

    private static final int KIB = 1024;
    private static final int PARTITIONS = 6;
    private static final Map<String, String> LARGE_BATCHES =
            Map.of("acks", "1", "batch.size", "131072", "linger.ms", "10");

    private Loads() {}

    /**
     * All loads.
     *
     * @param scale multiplies how long each takes; 1 is a few seconds
     */
    static List<Load> all(double scale) {
        var million = (int) (1_000_000 * scale);
        return List.of(
                new ProduceLoad(
                        "produce",
                        "acks=1, left to the OS",
                        2 * million,
                        KIB,
                        PARTITIONS,
                        1,
                        false,
                        Map.of("acks", "1")),
                new ProduceLoad(
                        "produce-large",
                        "acks=1, batches of 128 KiB, left to the OS",
                        2 * million,
                        KIB,
                        PARTITIONS,
                        1,
                        false,
                        LARGE_BATCHES),
                new ProduceLoad(
                        "produce-small",
                        "acks=1, records of 100 B, left to the OS",
                        8 * million,
                        100,
                        PARTITIONS,
                        1,
                        false,
                        Map.of("acks", "1")),
                new ConsumeLoad("consume", "from the page cache", 2 * million, KIB, PARTITIONS),
                new PacedLoad(
                        "paced",
                        "5,000 records/s, a request each, acks=1, left to the OS",
                        5000,
                        3,
                        (int) Math.max(2, 10 * scale),
                        KIB,
                        PARTITIONS,
                        false,
                        Map.of("acks", "1")),
                new ProduceLoad(
                        "produce-durable",
                        "acks=all, on disk when acknowledged",
                        million / 2,
                        KIB,
                        PARTITIONS,
                        1,
                        true,
                        Map.of("acks", "all")),
                new ProduceLoad(
                        "produce-many",
                        "16 producers, acks=all, left to the OS",
                        million,
                        KIB,
                        PARTITIONS,
                        16,
                        false,
                        Map.of("acks", "all")),
                new ProduceLoad(
                        "produce-many-durable",
                        "16 producers, acks=all, on disk when acknowledged",
                        million,
                        KIB,
                        PARTITIONS,
                        16,
                        true,
                        Map.of("acks", "all")),
                new OneByOneLoad(
                        "one",
                        "one record after the other, acks=all, left to the OS: what is left without a disk",
                        million / 250,
                        KIB,
                        false),
                new OneByOneLoad(
                        "one-durable",
                        "one record after the other, acks=all, on disk when acknowledged",
                        million / 250,
                        KIB,
                        true),
                new PacedLoad(
                        "paced-durable",
                        "500 records/s, a request each, acks=all, on disk when acknowledged",
                        500,
                        2,
                        (int) Math.max(2, 10 * scale),
                        KIB,
                        1,
                        true,
                        Map.of("acks", "all")));
    }
}
