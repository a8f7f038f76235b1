package io.thalweg.cli;

import io.thalweg.client.ClientException;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.spi.transport.TransportException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Says of any failure what happened and what to do next. */
final class Explanation {

    private Explanation() {}

    static CommandException of(Throwable failure) {
        var inner = failure;
        while ((inner instanceof CompletionException
                        || inner instanceof ExecutionException
                        || inner instanceof UncheckedIOException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        if (inner instanceof CommandException known) {
            return known;
        }
        if (inner instanceof ClientException ofClient) {
            return ofClient(ofClient);
        }
        if (inner instanceof NoSuchFileException || inner instanceof FileNotFoundException) {
            return new CommandException(
                    ExitCode.NO_INPUT, "file " + inner.getMessage() + " cannot be read", "Check the path.", inner);
        }
        if (inner instanceof IOException) {
            return new CommandException(ExitCode.FAILED, String.valueOf(inner.getMessage()), "", inner);
        }
        if (inner instanceof StorageException ofStorage) {
            return ofStorage(ofStorage);
        }
        if (inner instanceof TransportException || inner.getCause() instanceof TransportException) {
            return new CommandException(
                    ExitCode.FAILED,
                    String.valueOf(inner.getMessage()),
                    "Name another address with --listen, or in listeners; or stop what uses this one.",
                    inner);
        }
        if (inner instanceof IllegalArgumentException) {
            return new CommandException(ExitCode.USAGE, String.valueOf(inner.getMessage()), "", inner);
        }
        return new CommandException(
                ExitCode.FAILED,
                String.valueOf(inner.getMessage() == null ? inner : inner.getMessage()),
                "Run it again with --verbose to see where it comes from.",
                inner);
    }

    private static CommandException ofStorage(StorageException failure) {
        var advice = failure instanceof StorageException.Fenced
                ? "Stop the one that uses it, or name another directory with --data."
                : "Name another directory with --data, or make this one usable.";
        return new CommandException(ExitCode.FAILED, String.valueOf(failure.getMessage()), advice, failure);
    }

    private static CommandException ofClient(ClientException failure) {
        var code = failure.code();
        if (code == ErrorCode.NETWORK_EXCEPTION || code == ErrorCode.REQUEST_TIMED_OUT) {
            return new CommandException(
                    ExitCode.UNREACHABLE,
                    String.valueOf(failure.getMessage()),
                    "Is a broker running there? Start one with: thalweg server. Name another with --bootstrap-server.",
                    failure);
        }
        var advice = switch (code) {
            case UNKNOWN_TOPIC_OR_PARTITION ->
                "Create it with: thalweg topic create NAME. See what there is with: thalweg topic list.";
            case INVALID_TOPIC_EXCEPTION -> "See what there is with: thalweg topic list.";
            case OFFSET_OUT_OF_RANGE -> "Begin at one of these, or with --from beginning.";
            case INCONSISTENT_TOPIC_ID -> "Run it again to read the new one.";
            case TOPIC_ALREADY_EXISTS -> "See it with: thalweg topic describe NAME.";
            default -> "";
        };
        return new CommandException(ExitCode.FAILED, String.valueOf(failure.getMessage()), advice, failure);
    }
}
