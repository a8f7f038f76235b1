package io.thalweg.broker.request;

import io.thalweg.coordinator.controller.TopicNames;
import io.thalweg.protocol.ErrorCode;

/** What is said of topics that are not there. */
final class UnknownTopics {

    private UnknownTopics() {}

    /** The code for a name that no topic has. */
    static ErrorCode codeOf(String name) {
        return TopicNames.isValid(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
    }
}
