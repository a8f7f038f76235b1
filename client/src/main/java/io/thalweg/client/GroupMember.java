package io.thalweg.client;

import io.thalweg.api.GroupProtocol;
import io.thalweg.api.Subscription;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group: brings what it owns in line with what its {@link Membership} wants, giving up before it takes, and commits. Owned by
 * the loop.
 *
 * <p>One step of that is under way at a time. A member that is fenced has lost everything; what was begun before then has no effect any
 * more (the number of its life tells).
 */
final class GroupMember implements Membership.Listener {

    /** Makes the member that an owner reads for. */
    interface Factory {
        GroupMember make(PartitionOwner owner);
    }

    private static final Logger log = LoggerFactory.getLogger(GroupMember.class);

    private final ClientRuntime runtime;
    private final MetadataCache metadata;
    private final CoordinatorLink link;
    private final MemberOffsets offsets;
    private final CommitQueue commits;
    private final SubscribedTopics topics;
    private final Subscription<?, ?> subscription;
    private final PartitionOwner owner;
    private final Runnable listening = this::metadataChanged;
    private final Runnable ending = this::clientClosed;
    /** With the topic's id: a topic that was deleted and created anew is another one of the same name. */
    private final Map<TopicPartition, UUID> owned = new LinkedHashMap<>();

    private Membership membership;
    private boolean isFallbackLeft;
    private int life;
    private int failuresCount;
    private boolean isReconciling;
    private boolean isClosed;

    GroupMember(
            ClientRuntime runtime,
            MetadataCache metadata,
            Retries retries,
            CoordinatorLink link,
            MemberOffsets offsets,
            Subscription<?, ?> subscription,
            PartitionOwner owner) {
        this.runtime = runtime;
        this.metadata = metadata;
        this.link = link;
        this.offsets = offsets;
        this.commits = new CommitQueue(runtime, retries, this::commitOnce);
        this.topics = new SubscribedTopics(runtime, metadata, subscription);
        this.subscription = subscription;
        this.owner = owner;
        this.isFallbackLeft = subscription.protocol() == GroupProtocol.AUTOMATIC;
        this.membership = subscription.protocol() == GroupProtocol.CLASSIC
                ? classic()
                : new ConsumerMembership(runtime, metadata, link, topics, subscription, this);
    }

    private Membership classic() {
        return new ClassicMembership(runtime, metadata, link, topics, subscription, this);
    }

    /** What a member is to give up it gives up within the revocation timeout; the rest is for committing and for telling so. */
    static int rebalanceTimeoutMillis(Subscription<?, ?> subscription) {
        return (int) Math.min(
                Integer.MAX_VALUE,
                subscription.revocationTimeout().multipliedBy(2).toMillis());
    }

    void join() {
        assert runtime.isCurrent();
        if (!link.whenClosed(ending)) {
            owner.failed(ClientException.closed());
            return;
        }
        metadata.whenChanged(listening);
        topics.refresh();
        membership.join();
    }

    private void clientClosed() {
        if (!isClosed) {
            failed(ClientException.closed());
        }
    }

    private void metadataChanged() {
        membership.metadataChanged();
        reconcile();
    }

    @Override
    public Map<TopicPartition, UUID> owned() {
        return owned;
    }

    @Override
    public void wantedChanged() {
        isFallbackLeft = false;
        reconcile();
    }

    @Override
    public void fenced() {
        owner.lost(forgetAll());
    }

    @Override
    public CompletionStage<?> giveUpAll() {
        var gone = Set.copyOf(owned.keySet());
        var begun = ++life;
        isReconciling = false;
        if (gone.isEmpty()) {
            return CompletableFuture.completedFuture(true);
        }
        isReconciling = true;
        return owner.revoking(gone)
                .handle((done, failure) -> runtime.executeUnlessEnded(() -> {
                    if (begun == life) {
                        owned.keySet().removeAll(gone);
                        isReconciling = false;
                    }
                }));
    }

    /** Brokers that know nothing of the consumer protocol say so before anything else. */
    @Override
    public void failed(ClientException reason) {
        if (isFallbackLeft && reason.code() == ErrorCode.UNSUPPORTED_VERSION) {
            isFallbackLeft = false;
            log.debug("group {} is one of the classic protocol, for its broker has no other", link.groupId(), reason);
            membership = classic();
            membership.join();
            return;
        }
        end();
        owner.lost(forgetAll());
        owner.failed(reason);
    }

    private Set<TopicPartition> forgetAll() {
        var gone = Set.copyOf(owned.keySet());
        owned.clear();
        life++;
        isReconciling = false;
        return gone;
    }

    /** Takes the next step from what is owned to what is wanted, if there is one and none is under way. */
    private void reconcile() {
        if (isClosed || isReconciling || membership.wanted().isEmpty()) {
            return;
        }
        loseReplaced();
        if (isReconciling || membership.wanted().isEmpty()) {
            return;
        }
        var wanted = membership.wanted().orElseThrow();
        var gone = new LinkedHashMap<>(owned);
        gone.entrySet().removeAll(wanted.entrySet());
        var more = new LinkedHashMap<>(wanted);
        more.keySet().removeAll(owned.keySet());
        if (!gone.isEmpty()) {
            giveUp(gone.keySet());
        } else if (!more.isEmpty()) {
            take(more);
        }
    }

    /** What was read of a topic that is deleted by now must not be committed for the one that has its name. */
    private void loseReplaced() {
        var replaced = new LinkedHashSet<TopicPartition>();
        owned.forEach((partition, id) -> {
            var image = metadata.image().topics().get(partition.topic());
            if (image != null && !image.id().equals(id) && !image.id().equals(Message.ZERO_UUID)) {
                replaced.add(partition);
            }
        });
        if (!replaced.isEmpty()) {
            owned.keySet().removeAll(replaced);
            owner.lost(Set.copyOf(replaced));
            membership.ownedChanged(true);
        }
    }

    private void giveUp(Set<TopicPartition> gone) {
        isReconciling = true;
        var begun = life;
        var unused = owner.revoking(Set.copyOf(gone))
                .whenComplete((done, failure) -> runtime.executeUnlessEnded(() -> {
                    if (begun == life) {
                        owned.keySet().removeAll(gone);
                        stepped(true);
                    }
                }));
    }

    private void take(Map<TopicPartition, UUID> more) {
        isReconciling = true;
        var begun = life;
        var unused = offsets.positions(membership.identity(), more.keySet())
                .whenComplete((positions, failure) -> runtime.executeUnlessEnded(() -> {
                    if (begun == life && !isClosed) {
                        taken(more, positions, failure);
                    }
                }));
    }

    private void taken(
            Map<TopicPartition, UUID> more,
            @Nullable Map<TopicPartition, Long> positions,
            @Nullable Throwable failure) {
        if (positions == null || failure != null) {
            notTaken(ClientException.from(failure == null ? new IllegalStateException("no positions") : failure));
            return;
        }
        failuresCount = 0;
        var wanted = membership.wanted().orElse(Map.of());
        var stillWanted = new LinkedHashMap<>(positions);
        stillWanted.keySet().removeIf(each -> !Objects.equals(wanted.get(each), more.get(each)));
        stillWanted.keySet().forEach(each -> owned.put(each, wanted.getOrDefault(each, Message.ZERO_UUID)));
        if (!stillWanted.isEmpty()) {
            owner.assigned(stillWanted);
        }
        stepped(false);
    }

    private void notTaken(ClientException reason) {
        if (isForGood(reason.code())) {
            var unused = leave();
            owner.lost(forgetAll());
            owner.failed(reason);
            return;
        }
        if (reason.isRetriable()) {
            log.debug("where group {} goes on is not known yet", link.groupId(), reason);
        } else {
            log.warn("where group {} goes on is not known; it is asked again", link.groupId(), reason);
        }
        var begun = life;
        runtime.after(Retries.backoffNanos(failuresCount++, runtime), () -> {
            if (begun == life && !isClosed) {
                isReconciling = false;
                reconcile();
            }
        });
    }

    /** Most of what may come up passes: a member that is fenced joins anew, a partition that is not known yet will be. */
    private static boolean isForGood(ErrorCode code) {
        return code == ErrorCode.GROUP_AUTHORIZATION_FAILED
                || code == ErrorCode.TOPIC_AUTHORIZATION_FAILED
                || code == ErrorCode.CLUSTER_AUTHORIZATION_FAILED
                || code == ErrorCode.SASL_AUTHENTICATION_FAILED
                || code == ErrorCode.UNSUPPORTED_VERSION;
    }

    private void stepped(boolean isLess) {
        isReconciling = false;
        if (!isClosed) {
            membership.ownedChanged(isLess);
        }
        reconcile();
    }

    /**
     * Commits what the supplier gives on the loop, as long as the partitions are the member's, after what was committed before; completes
     * with what was committed. From any thread.
     */
    CompletableFuture<Map<TopicPartition, Long>> commit(Supplier<Map<TopicPartition, Long>> toCommit) {
        return commits.commit(() -> {
            var asked = toCommit.get();
            asked.keySet().forEach(partition -> {
                if (!owned.containsKey(partition)) {
                    throw notOwned(partition);
                }
            });
            return asked;
        });
    }

    /** As {@link #commit}, but gives up in time for the group to hear of what comes after it. */
    CompletableFuture<Map<TopicPartition, Long>> commitWithin(
            Duration limit, Supplier<Map<TopicPartition, Long>> toCommit) {
        var result = commit(toCommit);
        var timer = runtime.after(
                limit.toNanos(),
                () -> result.completeExceptionally(ClientException.timedOut(
                        "the last commit of group " + link.groupId() + " was not answered in " + limit, null)));
        return result.whenComplete((committed, failure) -> timer.cancel());
    }

    /** Whoever hears from a commit that it is fenced asks at once what has become of it. */
    private CompletableFuture<Set<TopicPartition>> commitOnce(Map<TopicPartition, Long> toCommit) {
        return offsets.commit(membership.identity(), toCommit, owned).whenComplete((done, failure) -> {
            if (failure != null && isFenced(ClientException.from(failure).code()) && !isClosed) {
                membership.check();
            }
        });
    }

    private static boolean isFenced(ErrorCode code) {
        return code == ErrorCode.FENCED_MEMBER_EPOCH
                || code == ErrorCode.UNKNOWN_MEMBER_ID
                || code == ErrorCode.ILLEGAL_GENERATION;
    }

    /** What a commit fails with whose partition was given up. */
    ClientException notOwned(TopicPartition partition) {
        return new ClientException(
                ErrorCode.FENCED_MEMBER_EPOCH,
                "partition " + partition + " is not the member's, or no longer: its offset of group " + link.groupId()
                        + " is not committed",
                null);
    }

    private void end() {
        isClosed = true;
        stopListening();
        membership.end();
        link.close();
    }

    private void stopListening() {
        metadata.forget(listening);
        link.forget(ending);
    }

    /** Leaves the group; completes once the coordinator knows or does not answer. */
    CompletableFuture<?> leave() {
        assert runtime.isCurrent();
        if (isClosed) {
            return CompletableFuture.completedFuture(null);
        }
        isClosed = true;
        stopListening();
        return membership.leave().whenComplete((told, failure) -> link.close());
    }
}
