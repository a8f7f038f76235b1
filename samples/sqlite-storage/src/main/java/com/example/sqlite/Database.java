package com.example.sqlite;

import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The one connection to the database and the one thread that uses it: what is asked later sees what was asked before. A failure is final,
 * since it leaves nobody knowing what the next commit would make durable.
 */
final class Database implements AutoCloseable {

    private static final int BUSY = 5;

    /** A log knows how many batches it has, so that one that is gone is missed. */
    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS logs (log INTEGER PRIMARY KEY, topic, id, part, first, next, count, UNIQUE (topic, id, part))",
            "CREATE TABLE IF NOT EXISTS batches (log, base, last, time, crc, bytes, UNIQUE (log, last, base, time))",
            "CREATE TABLE IF NOT EXISTS notes (log, name, at, bytes, PRIMARY KEY (log, name, at))");

    private final Path path;
    private final Connection connection;
    private final Workers.Pool thread;
    private volatile StorageException failure;

    interface Question<T> {
        T ask() throws SQLException;
    }

    interface Change {
        void make() throws SQLException;
    }

    Database(Path path, String synchronous, Workers workers) {
        this.path = path;
        var url = "jdbc:sqlite:" + path + "?locking_mode=EXCLUSIVE&journal_mode=WAL&synchronous=" + synchronous;
        connection = attempt("opening", () -> DriverManager.getConnection(url));
        thread = workers.start("sqlite", 1);
        try {
            attempt("opening", () -> {
                for (var sql : SCHEMA) {
                    update(sql);
                }
                connection.setAutoCommit(false);
                return true;
            });
        } catch (StorageException e) {
            close();
            throw e;
        }
    }

    /** Asks something, or changes what is to be committed later. */
    <T> CompletableFuture<T> ask(String what, Question<T> question) {
        return CompletableFuture.supplyAsync(() -> attempt(what, question), thread);
    }

    /** Changes something; when the stage completes that is durable, and so is all that was changed before. */
    CompletableFuture<Void> change(String what, Change change) {
        return ask(what, () -> {
            change.make();
            connection.commit();
            return null;
        });
    }

    private <T> T attempt(String what, Question<T> question) {
        checkSound();
        try {
            return question.ask();
        } catch (SQLException e) {
            var message = what + " in " + path + ": " + e.getMessage();
            var isInUse = e.getErrorCode() == BUSY;
            failure = isInUse ? new StorageException.Fenced(message) : new StorageException.Offline(message, e);
            throw failure;
        }
    }

    void checkSound() {
        if (failure != null) {
            throw new StorageException.Offline(path + " is out of use: " + failure.getMessage(), failure);
        }
    }

    /** Gives the number of rows that were changed. */
    int update(String sql, Object... values) throws SQLException {
        try (var statement = bound(sql, values)) {
            return statement.executeUpdate();
        }
    }

    /** The rows, to be closed. */
    ResultSet rows(String sql, Object... values) throws SQLException {
        var statement = bound(sql, values);
        statement.closeOnCompletion();
        return statement.executeQuery();
    }

    /** The number in the first row, or what is given if there is none. */
    long number(long otherwise, String sql, Object... values) throws SQLException {
        try (var rows = rows(sql, values)) {
            return rows.next() && rows.getObject(1) != null ? rows.getLong(1) : otherwise;
        }
    }

    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (var i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** What was asked before is done first. */
    @Override
    public void close() {
        thread.close();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new StorageException.Offline("closing of " + path + ": " + e.getMessage(), e);
        }
    }
}
