package io.thalweg.memory.coordination;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.MetadataLogProvider;
import io.thalweg.spi.coordination.QuorumState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;

/**
 * The metadata quorum of brokers in one process: an object that all of them are given. What it holds lives as long as it does.
 *
 * <p>An entry is committed while a majority of the voters is open and not cut off. Where the leader is lost, the voter with the lowest
 * number that can lead takes over, if there is a majority; tests may choose another one. Nothing here takes time.
 *
 * <p><b>Threads.</b> Any thread may call. Members tell their listeners on threads of their own.
 */
public final class InProcessQuorum implements MetadataLogProvider {

    private final TreeSet<Integer> voters;
    private final SharedEntries entries = new SharedEntries();
    private final TreeMap<Integer, QuorumMember> members = new TreeMap<>();
    private final TreeSet<Integer> cutOff = new TreeSet<>();
    private Leadership leadership = new Leadership(OptionalInt.empty(), -1, false);

    private InProcessQuorum(Collection<Integer> voters) {
        this.voters = new TreeSet<>(voters);
    }

    /** A quorum in which these nodes vote; others may join and follow. */
    public static InProcessQuorum of(Integer... voters) {
        if (voters.length == 0) {
            throw new IllegalArgumentException("metadata quorum without voters: expected at least one");
        }
        return new InProcessQuorum(List.of(voters));
    }

    @Override
    public String name() {
        return "in-process";
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return List.of();
    }

    @Override
    public MetadataLog open(MetadataLogContext context) {
        var pool = context.workers().start("metadata-log", 1);
        try {
            return join(context.quorum().nodeId(), pool, pool::close);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /**
     * Opens a node's member.
     *
     * @param executor runs tasks one after the other, in order, and never within the call
     */
    public MetadataLog join(int nodeId, Executor executor) {
        return join(nodeId, executor, () -> {});
    }

    private synchronized MetadataLog join(int nodeId, Executor executor, Runnable onClosed) {
        if (members.containsKey(nodeId)) {
            throw new IllegalStateException("node " + nodeId + " has joined the metadata quorum already");
        }
        var member = new QuorumMember(this, nodeId, executor, onClosed);
        member.cutOff(cutOff.contains(nodeId));
        members.put(nodeId, member);
        return member;
    }

    /** Has this node lead, under a new epoch. */
    public synchronized void lead(int nodeId) {
        if (!canLead(nodeId)) {
            throw new IllegalStateException("node " + nodeId + " cannot lead the metadata quorum: expected a voter that"
                    + " is open and not cut off, and a majority of those");
        }
        leadership = new Leadership(OptionalInt.of(nodeId), leadership.epoch() + 1, false);
        settle();
    }

    /** Has the next voter after the leader lead, the leader itself if there is no other. */
    public synchronized void resign() {
        int leader = leadership.leaderId().orElse(-1);
        var others = new ArrayList<>(voters.tailSet(leader, false));
        others.addAll(voters.headSet(leader, true));
        others.stream().filter(this::canLead).findFirst().ifPresent(this::lead);
    }

    /** Keeps a node from hearing the others and being heard, until {@link #rejoin}. */
    public synchronized void cutOff(int nodeId) {
        cutOff.add(nodeId);
        setCutOff(nodeId, true);
    }

    /** Ends what {@link #cutOff} began. */
    public synchronized void rejoin(int nodeId) {
        cutOff.remove(nodeId);
        setCutOff(nodeId, false);
    }

    private void setCutOff(int nodeId, boolean isCutOff) {
        var member = members.get(nodeId);
        if (member != null) {
            member.cutOff(isCutOff);
            settle();
        }
    }

    /** The node that leads; empty while there is none. */
    public synchronized OptionalInt leader() {
        return leadership.leaderId();
    }

    private boolean canLead(int nodeId) {
        return voters.contains(nodeId) && isConnected(nodeId) && hasMajority();
    }

    private boolean isConnected(int nodeId) {
        var member = members.get(nodeId);
        return member != null && member.isConnected();
    }

    private boolean hasMajority() {
        return 2 * voters.stream().filter(this::isConnected).count() > voters.size();
    }

    /** Elects, commits and tells until nothing is left to do. Called with the lock held; no stage completes within. */
    void settle() {
        assert Thread.holdsLock(this);
        elect();
        members.values().stream()
                .filter(QuorumMember::isConnected)
                .forEach(member -> member.endProposals(entries, leadership));
        members.values().forEach(member -> member.catchUp(entries, leadership));
    }

    private void elect() {
        int leader = leadership.leaderId().orElse(-1);
        if (leader >= 0 && canLead(leader)) {
            return;
        }
        var next = voters.stream().filter(this::canLead).findFirst();
        if (next.isPresent()) {
            leadership = new Leadership(OptionalInt.of(next.orElseThrow()), leadership.epoch() + 1, false);
        } else if (leader >= 0) {
            leadership = new Leadership(OptionalInt.empty(), leadership.epoch() + 1, false);
        }
    }

    void keep(SharedEntries.Snapshot snapshot) {
        assert Thread.holdsLock(this);
        entries.keep(snapshot);
    }

    void left(QuorumMember member) {
        assert Thread.holdsLock(this);
        members.remove(member.id(), member);
        settle();
    }

    QuorumState state(Leadership asTold) {
        assert Thread.holdsLock(this);
        return new QuorumState(
                asTold,
                entries.endOffset(),
                voters.stream().map(this::state).toList(),
                members.values().stream()
                        .filter(member -> !voters.contains(member.id()))
                        .map(QuorumMember::state)
                        .toList());
    }

    private QuorumState.Member state(int nodeId) {
        var member = members.get(nodeId);
        return member == null
                ? new QuorumState.Member(nodeId, QuorumState.UNKNOWN, QuorumState.UNKNOWN, QuorumState.UNKNOWN)
                : member.state();
    }
}
