package io.thalweg.broker.retention;

import io.thalweg.broker.config.RetentionConfig;
import io.thalweg.spi.storage.LogSegment;
import java.util.List;

/**
 * Which segments a log lets go: the oldest, as long as they are old enough or the rest is large enough; never what is not replicated.
 * The segment that is appended to goes too when all before it do, as in Kafka. Pure.
 *
 * @param config the limits
 * @param nowMillis the time, epoch milliseconds
 * @param highWatermark no segment goes that reaches past it
 */
record RetentionRule(RetentionConfig config, long nowMillis, long highWatermark) {

    /** How many of these segments, the first ones, go. */
    int droppedCount(List<LogSegment> segments) {
        if (!config.isEnabled()) {
            return 0;
        }
        var left = segments.stream().mapToLong(LogSegment::sizeInBytes).sum();
        var count = 0;
        for (var segment : segments) {
            if (!isReplicated(segment) || !(isOld(segment) || isTooMuch(segment, left))) {
                break;
            }
            left -= segment.sizeInBytes();
            count++;
        }
        // An empty last segment is where the log goes on; it takes no room.
        var isLastEmpty = count > 0 && segments.get(count - 1).sizeInBytes() == 0;
        return count == segments.size() && isLastEmpty ? count - 1 : count;
    }

    private boolean isReplicated(LogSegment segment) {
        return segment.endOffset() <= highWatermark;
    }

    /** A segment without timestamps is as old as its last append; one of which nobody knows when that was has no age. */
    private boolean isOld(LogSegment segment) {
        var newest = segment.maxTimestamp() >= 0 ? segment.maxTimestamp() : segment.modifiedMillis();
        return config.millis() >= 0
                && (segment.sizeInBytes() == 0 || newest >= 0)
                && nowMillis - newest > config.millis();
    }

    private boolean isTooMuch(LogSegment segment, long bytes) {
        return config.bytes() >= 0 && bytes - segment.sizeInBytes() >= config.bytes();
    }
}
