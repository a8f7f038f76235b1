package io.thalweg.broker.request;

import java.util.Set;

/** The topics in which brokers keep what is theirs; clients see them and do not write to them. */
final class InternalTopics {

    private static final Set<String> NAMES = Set.of("__consumer_offsets", "__transaction_state", "__share_group_state");

    private InternalTopics() {}

    static boolean contains(String topic) {
        return NAMES.contains(topic);
    }
}
