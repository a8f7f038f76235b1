package com.example.sqlite;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.zip.CRC32C;

/** A batch in memory of its own; nobody changes its bytes. */
record StoredBatch(long base, long last, long timestamp, int crc, byte[] bytes) {

    static StoredBatch copyOf(Batch batch) {
        var bytes = new byte[batch.bytes().remaining()];
        batch.bytes().duplicate().get(bytes);
        return new StoredBatch(batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp(), crcOf(bytes), bytes);
    }

    void insert(Database database, long log) throws SQLException {
        database.update("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?)", log, base, last, timestamp, crc, bytes);
    }

    /** The batch in a row, if it is what was appended. */
    static StoredBatch of(ResultSet row, LogId id) throws SQLException {
        var batch = new StoredBatch(row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4), row.getBytes(5));
        if (crcOf(batch.bytes) != batch.crc) {
            throw new StorageException.Corrupt(
                    "batch of " + id + " at offset " + batch.base + " is not what was appended", null);
        }
        return batch;
    }

    private static int crcOf(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
