package io.thalweg.coordinator.controller;

import io.thalweg.protocol.ErrorCode;
import java.util.List;

/** The rules for names of topics. */
final class TopicNames {

    private static final int MAX_LENGTH = 249;

    /** Logs that hold metadata. */
    private static final List<String> RESERVED = List.of("__thalweg_metadata", "__cluster_metadata");

    private TopicNames() {}

    static void check(String name) {
        if (name.isEmpty()) {
            throw refused(name, "it is empty");
        }
        if (name.equals(".") || name.equals("..")) {
            throw refused(name, "it would name a directory");
        }
        if (name.length() > MAX_LENGTH) {
            throw refused(name, "it has " + name.length() + " characters; at most " + MAX_LENGTH + " are allowed");
        }
        if (!name.chars().allMatch(TopicNames::isAllowed)) {
            throw refused(name, "only the characters a-z, A-Z, 0-9, '.', '_' and '-' are allowed");
        }
    }

    private static boolean isAllowed(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '.'
                || character == '_'
                || character == '-';
    }

    private static RefusedException refused(String name, String reason) {
        return new RefusedException(
                ErrorCode.INVALID_TOPIC_EXCEPTION, "topic name '" + name + "' cannot be used: " + reason);
    }

    static void checkNotReserved(String name) {
        if (RESERVED.contains(name)) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST,
                    "topic " + name + " cannot be created: the name is reserved for metadata");
        }
    }
}
