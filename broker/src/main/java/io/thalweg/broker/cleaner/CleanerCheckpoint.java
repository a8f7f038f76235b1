package io.thalweg.broker.cleaner;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * What is kept of the cleaning of a log, in two checkpoints. Each is at the offset up to which it speaks of batches, so that one above
 * the end of a log goes with them.
 *
 * <ul>
 *   <li>The mark, at that offset: the text {@code 0}, the version, a line feed, the offset, and a line feed.
 *   <li>The cleaning under way, at the end of the keys it knows: {@code 0}, the mark it began at, and the offset up to which it has
 *       written segments anew, each with a line feed. It counts as long as the mark is below it.
 * </ul>
 */
final class CleanerCheckpoint {

    /** Kafka's name for its own. */
    static final String MARK = "cleaner-offset-checkpoint";

    static final String UNDER_WAY = "cleaner-under-way";

    private static final String VERSION = "0";
    private static final Pattern UNDER_WAY_TEXT = Pattern.compile(VERSION + "\n([0-9]{1,18})\n([0-9]{1,18})\n");

    private CleanerCheckpoint() {}

    static Checkpoint of(CleanerProgress progress) {
        return progress.isUnderWay()
                ? checkpoint(UNDER_WAY, progress.knownEnd(), progress.cleanedUpTo() + "\n" + progress.rewrittenUpTo())
                : checkpoint(MARK, progress.cleanedUpTo(), String.valueOf(progress.cleanedUpTo()));
    }

    private static Checkpoint checkpoint(String name, long offset, String lines) {
        var text = VERSION + "\n" + lines + "\n";
        return new Checkpoint(name, offset, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Completes with how far the cleaning of a log had come when that was last saved. */
    static CompletionStage<CleanerProgress> latest(Checkpoints checkpoints) {
        return checkpoints
                .latest(MARK, Long.MAX_VALUE)
                .thenCombine(checkpoints.latest(UNDER_WAY, Long.MAX_VALUE), CleanerCheckpoint::progress);
    }

    private static CleanerProgress progress(Optional<Checkpoint> mark, Optional<Checkpoint> underWay) {
        var cleanedUpTo = mark.map(Checkpoint::offset).orElse(0L);
        return underWay.flatMap(CleanerCheckpoint::underWay)
                .filter(progress -> progress.knownEnd() > cleanedUpTo)
                .map(progress -> progress.above(cleanedUpTo))
                .orElse(CleanerProgress.at(cleanedUpTo));
    }

    private static Optional<CleanerProgress> underWay(Checkpoint note) {
        var text = UNDER_WAY_TEXT.matcher(
                StandardCharsets.US_ASCII.decode(note.bytes().duplicate()));
        if (!text.matches()) {
            return Optional.empty();
        }
        var progress = new CleanerProgress(Long.parseLong(text.group(1)), note.offset(), Long.parseLong(text.group(2)));
        return Optional.of(progress).filter(CleanerCheckpoint::isPossible);
    }

    private static boolean isPossible(CleanerProgress progress) {
        return progress.isUnderWay() && progress.rewrittenUpTo() <= progress.knownEnd();
    }
}
