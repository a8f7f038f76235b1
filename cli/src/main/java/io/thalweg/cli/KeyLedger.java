package io.thalweg.cli;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was seen of each key: how many records, and a hash over their values that depends on their order. Two ledgers are equal if every
 * key has the same records in the same order. Confined to one thread, or handed over between threads.
 */
final class KeyLedger {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final Map<String, Chain> chains = new HashMap<>();

    void add(String key, ByteBuffer value) {
        chains.computeIfAbsent(key, ignored -> new Chain()).add(value);
    }

    int keysCount() {
        return chains.size();
    }

    /** The keys that another ledger has seen differently, with what is different; empty if they are equal. */
    Map<String, String> differences(KeyLedger other) {
        var differences = new TreeMap<String, String>();
        chains.forEach((key, chain) -> {
            var read = other.chains.getOrDefault(key, new Chain());
            if (chain.count != read.count) {
                differences.put(key, chain.count + " written, " + read.count + " read");
            } else if (chain.hash != read.hash) {
                differences.put(key, chain.count + " written and read, but with other contents or in another order");
            }
        });
        other.chains.forEach((key, chain) -> {
            if (!chains.containsKey(key)) {
                differences.put(key, "0 written, " + chain.count + " read");
            }
        });
        return differences;
    }

    private static final class Chain {

        private long count;
        private long hash = FNV_OFFSET;

        void add(ByteBuffer value) {
            var next = hash;
            for (int i = value.position(); i < value.limit(); i++) {
                next = (next ^ (value.get(i) & 0xff)) * FNV_PRIME;
            }
            hash = (next ^ value.remaining()) * FNV_PRIME;
            count++;
        }
    }
}
