package io.thalweg.coordinator.controller;

import io.thalweg.protocol.ErrorCode;
import java.util.List;
import java.util.Optional;

/** The rules for names of topics, which also name directories. */
public final class TopicNames {

    private static final int MAX_LENGTH = 249;

    /** Logs that hold metadata. */
    private static final List<String> RESERVED = List.of("__thalweg_metadata", "__cluster_metadata");

    private TopicNames() {}

    /** Whether a topic can have this name. */
    public static boolean isValid(String name) {
        return problem(name).isEmpty();
    }

    static void check(String name) {
        problem(name).ifPresent(reason -> {
            throw new RefusedException(
                    ErrorCode.INVALID_TOPIC_EXCEPTION, "topic name '" + name + "' cannot be used: " + reason);
        });
    }

    private static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("it is empty");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("it would name a directory");
        }
        if (name.length() > MAX_LENGTH) {
            return Optional.of("it has " + name.length() + " characters; at most " + MAX_LENGTH + " are allowed");
        }
        return name.chars().allMatch(TopicNames::isAllowed)
                ? Optional.empty()
                : Optional.of("only the characters a-z, A-Z, 0-9, '.', '_' and '-' are allowed");
    }

    private static boolean isAllowed(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '.'
                || character == '_'
                || character == '-';
    }

    static void checkNotReserved(String name) {
        if (RESERVED.contains(name)) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST,
                    "topic " + name + " cannot be created: the name is reserved for metadata");
        }
    }
}
