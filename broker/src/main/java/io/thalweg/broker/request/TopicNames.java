package io.thalweg.broker.request;

import io.thalweg.protocol.ErrorCode;

/** The rule for names of topics. */
final class TopicNames {

    private static final int MAX_LENGTH = 249;

    private TopicNames() {}

    /** Whether a topic can have this name: it also names directories. */
    static boolean isValid(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_LENGTH
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().allMatch(TopicNames::isAllowed);
    }

    private static boolean isAllowed(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '.'
                || character == '_'
                || character == '-';
    }

    /** What to say of a name that no topic has. */
    static ErrorCode unknown(String name) {
        return isValid(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
    }
}
