package io.thalweg.storage.file;

/**
 * Notes up to where the indexes of a log's active segment are durable, so that a walk after a crash begins there. Any thread that may wait
 * for the disk.
 */
final class IndexPoint {

    private final FileLog log;
    private final LogDirectory directory;

    /** So much more of the segment makes it worth a sync of its indexes. */
    private final int stepBytes;

    IndexPoint(FileLog log, LogDirectory directory, int stepBytes) {
        this.log = log;
        this.directory = directory;
        this.stepBytes = stepBytes;
    }

    /** Whether there is something new to be written down. */
    boolean note() {
        var before = log.sync().truncations();
        var active = log.view().active();
        if (active == null) {
            return false;
        }
        var written = active.written();
        return written.position() - active.notedPosition() >= stepBytes
                && sync(active, written.position())
                && log.sync().noteIndexes(directory.indexPoints(), written.endOffset(), before);
    }

    private boolean sync(Segment active, int position) {
        directory.sync("the indexes of " + log.id(), () -> {
            if (active.syncIndexes()) {
                // Another file may have had the name of one of them.
                log.home().disk().syncDirectory(log.home().path());
                active.noted(position);
            }
        });
        return active.notedPosition() == position;
    }
}
