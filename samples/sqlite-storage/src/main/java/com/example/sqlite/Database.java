package com.example.sqlite;

import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The one connection to the database. Used by one thread. The write-ahead log is synced at each commit, so what is committed is durable. */
final class Database implements AutoCloseable {

    private static final int BUSY = 5;
    private static final int FULL = 13;

    /** A log knows how many batches it has, so that one that is gone is missed. */
    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS logs (log INTEGER PRIMARY KEY, topic, id, part, first, next, count, UNIQUE (topic, id, part))",
            "CREATE TABLE IF NOT EXISTS batches (log, base, last, time, crc, bytes, UNIQUE (log, last, base, time))",
            "CREATE TABLE IF NOT EXISTS notes (log, name, at, bytes, PRIMARY KEY (log, name, at))");

    private final Path path;
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    interface Work<T> {
        T run() throws SQLException;
    }

    Database(Path path, String synchronous) {
        this.path = path;
        var url = "jdbc:sqlite:" + path + "?locking_mode=EXCLUSIVE&journal_mode=WAL&synchronous=" + synchronous;
        connection = attempt("opening", () -> DriverManager.getConnection(url));
        try {
            attempt("opening", this::prepare);
        } catch (StorageException e) {
            close();
            throw e;
        }
    }

    private Void prepare() throws SQLException {
        for (var sql : SCHEMA) {
            update(sql);
        }
        connection.setAutoCommit(false);
        return null;
    }

    /** All of it, durably, or nothing. */
    <T> T transaction(String what, Work<T> work) {
        return attempt(what, () -> {
            try {
                var result = work.run();
                connection.commit();
                return result;
            } finally {
                connection.rollback();
            }
        });
    }

    private <T> T attempt(String what, Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            var message = what + " in " + path + ": " + e.getMessage();
            throw switch (e.getErrorCode()) {
                case BUSY -> new StorageException.Fenced(message);
                case FULL -> new StorageException.Full(message, e);
                default -> new StorageException.Offline(message, e);
            };
        }
    }

    /** Gives the number of rows that were changed. */
    int update(String sql, Object... values) throws SQLException {
        return bound(sql, values).executeUpdate();
    }

    /** The rows, to be closed. */
    ResultSet rows(String sql, Object... values) throws SQLException {
        return bound(sql, values).executeQuery();
    }

    /** The number in the first row, or what is given if there is none. */
    long number(long otherwise, String sql, Object... values) throws SQLException {
        try (var rows = rows(sql, values)) {
            return rows.next() && rows.getObject(1) != null ? rows.getLong(1) : otherwise;
        }
    }

    /** The number of a log, which has a row from then on. */
    long numberOf(LogId id) throws SQLException {
        Object[] name = {id.topic(), id.topicId().toString(), id.partition()};
        update("INSERT OR IGNORE INTO logs (topic, id, part, first, next, count) VALUES (?, ?, ?, 0, 0, 0)", name);
        return number(-1, "SELECT log FROM logs WHERE topic = ? AND id = ? AND part = ?", name);
    }

    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        var statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (var i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public void close() {
        attempt("closing", () -> {
            connection.close();
            return null;
        });
    }
}
