package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.QuorumVoter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/** Asks the own server, which leads, for other voters; only if those are still the voters that it was decided by. Any thread. */
final class VoterChanges {

    private final RaftServer server;
    private final ClientId clientId;

    VoterChanges(RaftServer server, ClientId clientId) {
        this.server = server;
        this.clientId = clientId;
    }

    void add(QuorumVoter added, List<QuorumVoter> voters, CompletableFuture<Void> stage) {
        if (voters.stream().anyMatch(voter -> voter.id() == added.id())) {
            stage.completeExceptionally(
                    new IllegalArgumentException("node " + added.id() + " votes on metadata already: " + voters));
            return;
        }
        var next = new ArrayList<>(voters);
        next.add(added);
        change(voters, next, stage);
    }

    void remove(int removed, List<QuorumVoter> voters, CompletableFuture<Void> stage) {
        var next = voters.stream().filter(voter -> voter.id() != removed).toList();
        if (next.isEmpty() || next.size() == voters.size()) {
            stage.completeExceptionally(new IllegalArgumentException(
                    "node " + removed + " cannot be taken from the voters " + voters + ": expected one of several"));
            return;
        }
        change(voters, next, stage);
    }

    private void change(List<QuorumVoter> from, List<QuorumVoter> to, CompletableFuture<Void> stage) {
        var arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(List.copyOf(QuorumPeers.group(from).getPeers()))
                .setServersInNewConf(List.copyOf(QuorumPeers.group(to).getPeers()))
                .build();
        var request = new SetConfigurationRequest(
                clientId, server.getId(), QuorumPeers.GROUP_ID, CallId.getAndIncrement(), arguments);
        submit(request).whenComplete((reply, failure) -> ended(from, to, reply, failure, stage));
    }

    private CompletionStage<RaftClientReply> submit(SetConfigurationRequest request) {
        try {
            return server.setConfigurationAsync(request);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void ended(
            List<QuorumVoter> from,
            List<QuorumVoter> to,
            @Nullable RaftClientReply reply,
            @Nullable Throwable failure,
            CompletableFuture<Void> stage) {
        if (reply != null && reply.isSuccess()) {
            stage.complete(null);
        } else {
            var cause = reply == null ? failure : reply.getException();
            stage.completeExceptionally(new IllegalStateException(
                    "the voters " + from + " may not have become " + to + ": " + cause, cause));
        }
    }
}
