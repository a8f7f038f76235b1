package com.example.sqlite;

import io.thalweg.spi.storage.Batch;
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

    static StoredBatch of(ResultSet row) throws SQLException {
        return new StoredBatch(row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4), row.getBytes(5));
    }

    void insert(Database database, long log) throws SQLException {
        database.update("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?)", log, base, last, timestamp, crc, bytes);
    }

    /** Whether it is what was appended. */
    boolean isSound() {
        return crcOf(bytes) == crc;
    }

    private static int crcOf(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
