package io.thalweg.broker.cleaner;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The last offset of each key, in memory of a fixed size. One thread at a time.
 *
 * <p>Keys are told apart by 128 bits of their SHA-256: two that share these would be taken for one, and the older record lost. Half of
 * a slot's three words are the hash's, the third is the offset plus one, 0 in a slot that is free; a key is looked for from the slot its
 * hash names on.
 */
final class OffsetMap {

    /** The bytes that one key takes. */
    static final int SLOT_BYTES = 3 * Long.BYTES;

    private static final int WORDS = SLOT_BYTES / Long.BYTES;
    private static final int OFFSET_AT = 2;
    private static final int DIGEST_BYTES = 32;

    private final MessageDigest digest = sha256();
    private final byte[] hash = new byte[DIGEST_BYTES];
    private final long[] words;
    private final int slotCount;
    private final int maxKeys;
    private int keyCount;

    private long first;
    private long second;

    /** A map of so many slots, filled up to a part of them. */
    OffsetMap(int slotCount, double loadFactor) {
        this.slotCount = slotCount;
        this.words = new long[Math.multiplyExact(slotCount, WORDS)];
        // One slot stays free, so that every search ends.
        this.maxKeys = Math.min(slotCount - 1, (int) (slotCount * loadFactor));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** How many more keys it takes for sure. */
    int room() {
        return maxKeys - keyCount;
    }

    int maxKeys() {
        return maxKeys;
    }

    /** Notes the offset of a record, which is above those noted before. */
    void put(ByteBuffer key, long offset) {
        var at = find(key);
        if (words[at + OFFSET_AT] == 0) {
            keyCount++;
            words[at] = first;
            words[at + 1] = second;
        }
        words[at + OFFSET_AT] = offset + 1;
    }

    /** The last offset of the key, -1 if it was not noted. */
    long offset(ByteBuffer key) {
        return words[find(key) + OFFSET_AT] - 1;
    }

    /** The place of the key's slot, or of the free one where it belongs. */
    private int find(ByteBuffer key) {
        hash(key);
        var slot = (int) Long.remainderUnsigned(first, slotCount);
        while (true) {
            var at = slot * WORDS;
            if (words[at + OFFSET_AT] == 0 || (words[at] == first && words[at + 1] == second)) {
                return at;
            }
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
    }

    private void hash(ByteBuffer key) {
        digest.update(key.duplicate());
        var bytes = ByteBuffer.wrap(hash);
        try {
            digest.digest(hash, 0, DIGEST_BYTES);
        } catch (java.security.DigestException e) {
            throw new IllegalStateException("SHA-256 has " + DIGEST_BYTES + " bytes", e);
        }
        first = bytes.getLong();
        second = bytes.getLong();
    }
}
