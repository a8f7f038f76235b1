package io.thalweg.broker.metadata;

/** A topic table that tests of other packages fill. */
public final class TestTopics {

    private TestTopics() {}

    public static void put(TopicTable table, HostedTopic topic) {
        table.put(topic);
    }

    public static void remove(TopicTable table, HostedTopic topic) {
        table.remove(topic);
    }
}
