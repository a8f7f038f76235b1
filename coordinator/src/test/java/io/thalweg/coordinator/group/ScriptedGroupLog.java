package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A log that commits when the test says so. Owned by the test's thread. */
final class ScriptedGroupLog implements GroupLog {

    private final List<GroupRecord> records = new ArrayList<>();
    private final ArrayDeque<CompletableFuture<Void>> uncommitted = new ArrayDeque<>();
    private boolean isHeld;
    private boolean isBehind;

    /** Appends wait from now on. */
    void hold() {
        isHeld = true;
    }

    void commitAll() {
        isHeld = false;
        while (!uncommitted.isEmpty()) {
            uncommitted.remove().complete(null);
        }
    }

    void failAll(ErrorCode error) {
        isHeld = false;
        isBehind = true;
        while (!uncommitted.isEmpty()) {
            uncommitted.remove().completeExceptionally(new GroupLogException(error, "refused by the test"));
        }
    }

    /** What took too long is safe after all. */
    void catchUp() {
        isBehind = false;
    }

    @Override
    public boolean isSafe() {
        return !isBehind;
    }

    /** All that was appended, as bytes would give it back. */
    List<GroupRecord> records() {
        return records;
    }

    @Override
    public CompletionStage<Void> append(List<GroupRecord> appended) {
        for (var record : appended) {
            records.add(GroupRecords.decode(GroupRecords.key(record), GroupRecords.value(record))
                    .orElseThrow());
        }
        var committed = new CompletableFuture<Void>();
        if (isHeld) {
            uncommitted.add(committed);
        } else {
            committed.complete(null);
        }
        return committed;
    }
}
