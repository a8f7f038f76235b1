package com.example.sqlite;

import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/**
 * The one connection to the database and the one thread that uses it: what is asked later sees what was asked before. A failure is final,
 * since it leaves nobody knowing what the next commit would make durable. What throws {@link SQLException} is for questions and changes.
 */
final class Database implements AutoCloseable {

    private static final int BUSY = 5;

    private final Path path;
    private final Connection connection;
    private final Workers.Pool thread;
    private volatile StorageException failure;
    private volatile boolean closed;

    interface Question<T> {
        T ask() throws SQLException;
    }

    interface Change {
        void make() throws SQLException;
    }

    Database(Path path, Workers workers) {
        this.path = path;
        var url = "jdbc:sqlite:" + path + "?locking_mode=EXCLUSIVE&journal_mode=WAL&synchronous=FULL";
        connection = attempt("opening", () -> {
            var opened = DriverManager.getConnection(url);
            opened.setAutoCommit(false);
            return opened;
        });
        thread = workers.start("sqlite", 1);
    }

    /** Asks something, or changes what is to be committed later. */
    <T> CompletableFuture<T> ask(String what, Question<T> question) {
        checkOpen();
        return CompletableFuture.supplyAsync(() -> attempt(what, question), thread);
    }

    /** Changes something; when the stage completes that is durable, and so is all that was changed before. */
    CompletableFuture<Void> change(String what, Change change) {
        return ask(what, () -> {
            change.make();
            commit();
            return null;
        });
    }

    private <T> T attempt(String what, Question<T> question) {
        checkSound();
        try {
            return question.ask();
        } catch (SQLException e) {
            var message = what + " in " + path + ": " + e.getMessage();
            failure = e.getErrorCode() == BUSY ? new StorageException.Fenced(message) : new StorageException.Offline(message, e);
            throw failure;
        }
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException(path + " is closed");
        }
    }

    void checkSound() {
        if (failure != null) {
            throw new StorageException.Offline(path + " is out of use: " + failure.getMessage(), failure);
        }
    }

    /** Makes durable what was changed. */
    void commit() throws SQLException {
        connection.commit();
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

    /** The number in the only row. */
    long number(String sql, Object... values) throws SQLException {
        try (var rows = rows(sql, values)) {
            return rows.getLong(1);
        }
    }

    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (var i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** What was asked before is done first, and committed. */
    @Override
    public void close() {
        if (!closed) {
            change("closing", () -> {});
            closed = true;
            try (connection) {
                thread.close();
            } catch (SQLException e) {
                throw new StorageException.Offline("closing of " + path + ": " + e.getMessage(), e);
            }
        }
    }
}
