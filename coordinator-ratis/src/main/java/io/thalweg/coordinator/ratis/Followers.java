package io.thalweg.coordinator.ratis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.server.leader.LogAppender;

/** What sends a leader's entries to the other voters, one for each; none while this member does not lead. Any thread. */
final class Followers {

    private final Set<LogAppender> appenders = ConcurrentHashMap.newKeySet();

    void add(LogAppender appender) {
        appenders.add(appender);
    }

    void remove(LogAppender appender) {
        appenders.remove(appender);
    }

    /** Has each look for what its voter does not know yet. */
    void look() {
        appenders.forEach(LogAppender::notifyLogAppender);
    }
}
