package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AddRaftVoterRequest;
import io.thalweg.protocol.message.AddRaftVoterResponse;
import io.thalweg.protocol.message.RemoveRaftVoterRequest;
import io.thalweg.protocol.message.RemoveRaftVoterResponse;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.runtime.EventLoop;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the log answers to a change that was found to be in order, as the one who asked for it hears it. */
final class VoterChangesTest implements EventLoop {

    private final ScriptedLog log = new ScriptedLog();
    private final VoterChanges changes = new VoterChanges(log, this);

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    private CompletableFuture<AddRaftVoterResponse> add() {
        var request = AddRaftVoterRequest.builder()
                .voterId(4)
                .listeners(List.of(new AddRaftVoterRequest.Listener("CONTROLLER", "four", 9093)))
                .build();
        return changes.carryOut(request, AddRaftVoterResponse.builder().build(), AddRaftVoterResponse.class)
                .toCompletableFuture();
    }

    private CompletableFuture<RemoveRaftVoterResponse> remove() {
        var request = RemoveRaftVoterRequest.builder().voterId(3).build();
        return changes.carryOut(request, RemoveRaftVoterResponse.builder().build(), RemoveRaftVoterResponse.class)
                .toCompletableFuture();
    }

    @Test
    void theAnswerWaitsForTheChange() {
        var added = add();
        assertThat(added).isNotDone();

        log.voterChange().complete(null);

        assertThat(added.join().errorCode()).isEqualTo(ErrorCode.NONE.code());
    }

    @Test
    void whoIsOvertakenByTheSameChangeHearsThatItIsDone() {
        var added = add();
        var removed = remove();

        log.voterChange().completeExceptionally(new IllegalArgumentException("it is done"));

        assertThat(added.join().errorCode()).isEqualTo(ErrorCode.DUPLICATE_VOTER.code());
        assertThat(removed.join().errorCode()).isEqualTo(ErrorCode.VOTER_NOT_FOUND.code());
        assertThat(removed.join().errorMessage()).isEqualTo("it is done");
    }

    @Test
    void whatIsInDoubtTimesOut() {
        var added = add();

        log.voterChange().completeExceptionally(new IllegalStateException("the voters may not have changed"));

        assertThat(added.join().errorCode()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT.code());
    }

    @Test
    void whoLeadsNoMoreIsTheWrongOneToAsk() {
        var removed = remove();

        log.voterChange().completeExceptionally(new NotLeaderException(1, new Leadership(OptionalInt.of(2), 2, false)));

        assertThatThrownBy(removed::join)
                .hasCauseInstanceOf(ControllerException.class)
                .hasMessageContaining("not the controller");
    }
}
