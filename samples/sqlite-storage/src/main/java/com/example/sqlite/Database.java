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

    private static final List<String> SCHEMA = List.of(
            "PRAGMA locking_mode=EXCLUSIVE",
            "PRAGMA journal_mode=WAL",
            "CREATE TABLE IF NOT EXISTS logs (log INTEGER PRIMARY KEY, topic, id, part, first, next, UNIQUE (topic, id, part))",
            "CREATE TABLE IF NOT EXISTS batches (log, base, last, time, crc, bytes)",
            "CREATE UNIQUE INDEX IF NOT EXISTS by_offset ON batches (log, last, base, time)",
            "CREATE TABLE IF NOT EXISTS notes (log, name, at, bytes, PRIMARY KEY (log, name, at))");

    private final Path path;
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Database(Path path, String synchronous) {
        this.path = path;
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        } catch (SQLException e) {
            throw failure("opening", e);
        }
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous=" + synchronous);
            for (var sql : SCHEMA) {
                statement.execute(sql);
            }
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            close();
            throw failure("opening", e);
        }
    }

    interface Work<T> {
        T run() throws SQLException;
    }

    /** All of it, durably, or nothing. */
    <T> T transaction(String what, Work<T> work) {
        var isDone = false;
        try {
            var result = work.run();
            connection.commit();
            isDone = true;
            return result;
        } catch (SQLException e) {
            throw failure(what, e);
        } finally {
            if (!isDone) {
                rollback();
            }
        }
    }

    private void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw failure("rollback", e);
        }
    }

    private StorageException failure(String what, SQLException e) {
        var message = what + " in " + path + ": " + e.getMessage();
        return switch (e.getErrorCode()) {
            case BUSY -> new StorageException.Fenced(message);
            case FULL -> new StorageException.Full(message, e);
            default -> new StorageException.Offline(message, e);
        };
    }

    void update(String sql, Object... values) throws SQLException {
        bound(sql, values).executeUpdate();
    }

    /** The number of a log, which has a row from then on. */
    long numberOf(LogId id) throws SQLException {
        Object[] name = {id.topic(), id.topicId().toString(), id.partition()};
        update("INSERT OR IGNORE INTO logs (topic, id, part, first, next) VALUES (?, ?, ?, 0, 0)", name);
        return number(-1, "SELECT log FROM logs WHERE topic = ? AND id = ? AND part = ?", name);
    }

    /** The number in the first row, or what is given if there is none. */
    long number(long otherwise, String sql, Object... values) throws SQLException {
        try (var rows = bound(sql, values).executeQuery()) {
            return rows.next() && rows.getObject(1) != null ? rows.getLong(1) : otherwise;
        }
    }

    /** The rows, to be closed. */
    ResultSet rows(String sql, Object... values) throws SQLException {
        return bound(sql, values).executeQuery();
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
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure("closing", e);
        }
    }
}
