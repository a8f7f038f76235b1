package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.spi.runtime.Timers.Timer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The members of one group and the state they are in; knows nothing of timers, requests and records. Owned by the coordinator's event
 * loop.
 */
final class ClassicGroup implements Group {

    private static final String CONSUMER = "consumer";

    private final String id;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, String> staticMembers = new TreeMap<>();
    private final Map<String, Member> pendingJoins = new TreeMap<>();
    private final Set<String> pendingSyncs = new TreeSet<>();

    private GroupState state = GroupState.EMPTY;
    private GroupState previousState = GroupState.EMPTY;
    private long stateMillis;
    private int generation;
    private @Nullable String protocolType;
    private @Nullable String protocolName;
    private @Nullable String leader;

    /** Whether somebody joined since the initial delay began. */
    boolean newMemberAdded;

    @Nullable Timer joinTimer;

    @Nullable Timer syncTimer;

    ClassicGroup(String id, long nowMillis) {
        this.id = id;
        this.stateMillis = nowMillis;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String typeText() {
        return "classic";
    }

    @Override
    public String stateText() {
        return state.text();
    }

    GroupState state() {
        return state;
    }

    boolean is(GroupState other) {
        return state == other;
    }

    /** Whether members came from EMPTY, so that the group waits for more of them. */
    boolean isInitialJoin() {
        return state == GroupState.PREPARING_REBALANCE && previousState == GroupState.EMPTY;
    }

    /** When it came into its state, epoch milliseconds. */
    long stateMillis() {
        return stateMillis;
    }

    void moveTo(GroupState next, long nowMillis) {
        previousState = state;
        state = next;
        stateMillis = nowMillis;
    }

    int generation() {
        return generation;
    }

    @Nullable String protocolType() {
        return protocolType;
    }

    @Override
    public String protocolTypeText() {
        return protocolType == null ? "" : protocolType;
    }

    boolean isOfConsumers() {
        return CONSUMER.equals(protocolType);
    }

    @Nullable String protocolName() {
        return protocolName;
    }

    @Nullable String leader() {
        return leader;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leader);
    }

    /** Whether it has members to whom nobody has given shares since they came from a group of the consumer protocol. */
    boolean isLeaderless() {
        return leader == null && !members.isEmpty();
    }

    Collection<Member> members() {
        return members.values();
    }

    @Nullable Member member(String memberId) {
        return members.get(memberId);
    }

    @Nullable String staticMember(@Nullable String instanceId) {
        return instanceId == null ? null : staticMembers.get(instanceId);
    }

    Map<String, Member> pendingJoins() {
        return pendingJoins;
    }

    Set<String> pendingSyncs() {
        return pendingSyncs;
    }

    @Override
    public boolean isWithoutAnyone() {
        return is(GroupState.EMPTY) && members.isEmpty() && pendingJoins.isEmpty();
    }

    /** What recovery knows of a generation. */
    void restore(int knownGeneration, String type, @Nullable String protocol, @Nullable String knownLeader) {
        generation = knownGeneration;
        protocolType = type.isEmpty() ? null : type;
        protocolName = protocol;
        leader = knownLeader;
    }

    /** Adds a member; the first one says which type of protocol the group has, and leads. */
    void add(Member member, String type) {
        if (members.isEmpty()) {
            protocolType = type;
        }
        if (leader == null) {
            leader = member.id();
        }
        members.put(member.id(), member);
        var instanceId = member.instanceId();
        if (instanceId != null) {
            staticMembers.put(instanceId, member.id());
        }
    }

    void remove(Member member) {
        members.remove(member.id());
        pendingSyncs.remove(member.id());
        var instanceId = member.instanceId();
        if (instanceId != null) {
            staticMembers.remove(instanceId, member.id());
        }
        if (isLeader(member.id())) {
            leader = members.isEmpty() ? null : members.keySet().iterator().next();
        }
        member.gone();
    }

    /** Puts a static member that came back in the place of its former self, which led if the newcomer does. */
    void replace(Member former, Member newcomer) {
        var led = isLeader(former.id());
        remove(former);
        add(newcomer, protocolTypeText());
        if (led) {
            leader = newcomer.id();
        }
    }

    /** Why the caller may not speak for the member; NONE if it may. */
    ErrorCode check(String memberId, @Nullable String instanceId) {
        if (instanceId != null) {
            var known = staticMembers.get(instanceId);
            if (known == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
            if (!known.equals(memberId)) {
                return ErrorCode.FENCED_INSTANCE_ID;
            }
        }
        return members.containsKey(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    }

    /** As {@link #check(String, String)}, and of this generation. */
    ErrorCode check(String memberId, @Nullable String instanceId, int claimedGeneration) {
        var error = check(memberId, instanceId);
        if (error != ErrorCode.NONE) {
            return error;
        }
        return claimedGeneration == generation ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    }

    /** Whether someone with these protocols can be in the group together with its members. */
    boolean supports(String type, List<JoinGroupRequest.Protocol> protocols) {
        if (members.isEmpty()) {
            return !type.isEmpty() && !protocols.isEmpty();
        }
        return type.equals(protocolType) && hasCommon(protocols);
    }

    /** A loop, as is whatever every member that joins has done with all the others. */
    private boolean hasCommon(List<JoinGroupRequest.Protocol> protocols) {
        for (var protocol : protocols) {
            if (isSupportedByAll(protocol.name())) {
                return true;
            }
        }
        return false;
    }

    private boolean isSupportedByAll(String protocol) {
        for (var member : members.values()) {
            if (!member.supports(protocol)) {
                return false;
            }
        }
        return true;
    }

    /** The protocol that most members like best among those that all support; of equals the first by name. */
    @Nullable String electProtocol() {
        var common = commonProtocols();
        var votes = new TreeMap<String, Integer>();
        for (var member : members.values()) {
            member.protocols().stream()
                    .map(JoinGroupRequest.Protocol::name)
                    .filter(common::contains)
                    .findFirst()
                    .ifPresent(name -> votes.merge(name, 1, Integer::sum));
        }
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private Set<String> commonProtocols() {
        var first = members.values().stream().findFirst().map(Member::protocols).orElse(List.of());
        return first.stream()
                .map(JoinGroupRequest.Protocol::name)
                .filter(this::isSupportedByAll)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    int joinedCount() {
        var count = 0;
        for (var member : members.values()) {
            count += member.awaitsJoin() ? 1 : 0;
        }
        return count;
    }

    boolean hasAllMembersJoined() {
        return pendingJoins.isEmpty() && joinedCount() == members.size();
    }

    /** Makes sure that the leader is one who has joined; false if nobody has. */
    boolean electJoinedLeader() {
        var known = leader == null ? null : members.get(leader);
        if (known != null && known.awaitsJoin()) {
            return true;
        }
        var joined = members.values().stream().filter(Member::awaitsJoin).findFirst();
        joined.ifPresent(member -> leader = member.id());
        return joined.isPresent();
    }

    /** Begins the next generation with the members there are. */
    void beginGeneration(long nowMillis) {
        generation++;
        pendingSyncs.clear();
        if (members.isEmpty()) {
            protocolName = null;
            moveTo(GroupState.EMPTY, nowMillis);
        } else {
            protocolName = electProtocol();
            moveTo(GroupState.COMPLETING_REBALANCE, nowMillis);
        }
    }

    /** The longest that a member may take to join again. */
    int rebalanceTimeoutMillis() {
        return members.values().stream()
                .mapToInt(Member::rebalanceTimeoutMillis)
                .max()
                .orElse(0);
    }
}
