package io.thalweg.protocol;

import java.util.Arrays;
import java.util.Optional;

/** The error codes of Kafka 4.3, which responses carry as numbers. */
public enum ErrorCode {
    /** The broker met a condition it has no code for. */
    UNKNOWN_SERVER_ERROR(-1, Retry.NO, "the broker met a condition it has no code for"),
    /** No error. */
    NONE(0, Retry.NO, "no error"),
    /** The offset is outside the log of the partition. */
    OFFSET_OUT_OF_RANGE(1, Retry.NO, "the offset is outside the log of the partition"),
    /** A record batch is damaged: its checksum or structure does not hold. */
    CORRUPT_MESSAGE(2, Retry.YES, "a record batch is damaged: its checksum or structure does not hold"),
    /** This broker knows no such topic or partition. */
    UNKNOWN_TOPIC_OR_PARTITION(3, Retry.YES, "this broker knows no such topic or partition"),
    /** The number of bytes to fetch is not usable. */
    INVALID_FETCH_SIZE(4, Retry.NO, "the number of bytes to fetch is not usable"),
    /** The partition has no leader at the moment. */
    LEADER_NOT_AVAILABLE(5, Retry.YES, "the partition has no leader at the moment"),
    /** This broker is not the replica the request needs. */
    NOT_LEADER_OR_FOLLOWER(6, Retry.YES, "this broker is not the replica the request needs"),
    /** The time the request allowed has passed. */
    REQUEST_TIMED_OUT(7, Retry.YES, "the time the request allowed has passed"),
    /** The broker is not there. */
    BROKER_NOT_AVAILABLE(8, Retry.NO, "the broker is not there"),
    /** The replica is not on this broker. */
    REPLICA_NOT_AVAILABLE(9, Retry.YES, "the replica is not on this broker"),
    /** A record batch is larger than this broker takes. */
    MESSAGE_TOO_LARGE(10, Retry.NO, "a record batch is larger than this broker takes"),
    /** The controller that asks has been replaced. */
    STALE_CONTROLLER_EPOCH(11, Retry.NO, "the controller that asks has been replaced"),
    /** The text stored with an offset is too long. */
    OFFSET_METADATA_TOO_LARGE(12, Retry.NO, "the text stored with an offset is too long"),
    /** The connection ended before the answer came. */
    NETWORK_EXCEPTION(13, Retry.YES, "the connection ended before the answer came"),
    /** The coordinator is still reading its state. */
    COORDINATOR_LOAD_IN_PROGRESS(14, Retry.YES, "the coordinator is still reading its state"),
    /** There is no coordinator at the moment. */
    COORDINATOR_NOT_AVAILABLE(15, Retry.YES, "there is no coordinator at the moment"),
    /** This broker does not coordinate what was asked for. */
    NOT_COORDINATOR(16, Retry.YES, "this broker does not coordinate what was asked for"),
    /** The topic's name is not usable, or the topic is not writable this way. */
    INVALID_TOPIC_EXCEPTION(17, Retry.NO, "the topic's name is not usable, or the topic is not writable this way"),
    /** The record batches are larger than a log segment. */
    RECORD_LIST_TOO_LARGE(18, Retry.NO, "the record batches are larger than a log segment"),
    /** Fewer replicas are in sync than min.insync.replicas asks for; nothing was written. */
    NOT_ENOUGH_REPLICAS(
            19, Retry.YES, "fewer replicas are in sync than min.insync.replicas asks for; nothing was written"),
    /** Written, but fewer replicas are in sync than min.insync.replicas asks for. */
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(
            20, Retry.YES, "written, but fewer replicas are in sync than min.insync.replicas asks for"),
    /** Acks is none of 0, 1 and all. */
    INVALID_REQUIRED_ACKS(21, Retry.NO, "acks is none of 0, 1 and all"),
    /** The group is at another generation. */
    ILLEGAL_GENERATION(22, Retry.NO, "the group is at another generation"),
    /** The member shares no protocol with its group. */
    INCONSISTENT_GROUP_PROTOCOL(23, Retry.NO, "the member shares no protocol with its group"),
    /** The group id is not usable. */
    INVALID_GROUP_ID(24, Retry.NO, "the group id is not usable"),
    /** The group has no such member. */
    UNKNOWN_MEMBER_ID(25, Retry.NO, "the group has no such member"),
    /** The session timeout is outside what the broker allows. */
    INVALID_SESSION_TIMEOUT(26, Retry.NO, "the session timeout is outside what the broker allows"),
    /** The group is rebalancing; the member joins again. */
    REBALANCE_IN_PROGRESS(27, Retry.NO, "the group is rebalancing; the member joins again"),
    /** The offsets to commit take more room than a record may have. */
    INVALID_COMMIT_OFFSET_SIZE(28, Retry.NO, "the offsets to commit take more room than a record may have"),
    /** The caller may not do this with the topic. */
    TOPIC_AUTHORIZATION_FAILED(29, Retry.NO, "the caller may not do this with the topic"),
    /** The caller may not do this with the group. */
    GROUP_AUTHORIZATION_FAILED(30, Retry.NO, "the caller may not do this with the group"),
    /** The caller may not do this with the cluster. */
    CLUSTER_AUTHORIZATION_FAILED(31, Retry.NO, "the caller may not do this with the cluster"),
    /** The timestamp of a record is outside what the topic allows. */
    INVALID_TIMESTAMP(32, Retry.NO, "the timestamp of a record is outside what the topic allows"),
    /** The broker does not offer this SASL mechanism. */
    UNSUPPORTED_SASL_MECHANISM(33, Retry.NO, "the broker does not offer this SASL mechanism"),
    /** The request does not fit the state of the SASL exchange. */
    ILLEGAL_SASL_STATE(34, Retry.NO, "the request does not fit the state of the SASL exchange"),
    /** The broker does not know this version of the request. */
    UNSUPPORTED_VERSION(35, Retry.NO, "the broker does not know this version of the request"),
    /** There is a topic of this name. */
    TOPIC_ALREADY_EXISTS(36, Retry.NO, "there is a topic of this name"),
    /** The number of partitions is not usable. */
    INVALID_PARTITIONS(37, Retry.NO, "the number of partitions is not usable"),
    /** The replication factor is below 1 or above the number of brokers. */
    INVALID_REPLICATION_FACTOR(38, Retry.NO, "the replication factor is below 1 or above the number of brokers"),
    /** The assignment of replicas to brokers is not usable. */
    INVALID_REPLICA_ASSIGNMENT(39, Retry.NO, "the assignment of replicas to brokers is not usable"),
    /** A configuration key or value is not usable. */
    INVALID_CONFIG(40, Retry.NO, "a configuration key or value is not usable"),
    /** This node is not the controller. */
    NOT_CONTROLLER(41, Retry.YES, "this node is not the controller"),
    /** The parts of the request contradict each other or the protocol. */
    INVALID_REQUEST(42, Retry.NO, "the parts of the request contradict each other or the protocol"),
    /** The log's record format cannot do this. */
    UNSUPPORTED_FOR_MESSAGE_FORMAT(43, Retry.NO, "the log's record format cannot do this"),
    /** A policy of the cluster forbids this. */
    POLICY_VIOLATION(44, Retry.NO, "a policy of the cluster forbids this"),
    /** The producer's sequence does not follow the last one. */
    OUT_OF_ORDER_SEQUENCE_NUMBER(45, Retry.NO, "the producer's sequence does not follow the last one"),
    /** The producer's sequence was written before. */
    DUPLICATE_SEQUENCE_NUMBER(46, Retry.NO, "the producer's sequence was written before"),
    /** The producer has an older epoch than the current one. */
    INVALID_PRODUCER_EPOCH(47, Retry.NO, "the producer has an older epoch than the current one"),
    /** The transaction's state does not allow this. */
    INVALID_TXN_STATE(48, Retry.NO, "the transaction's state does not allow this"),
    /** The producer id is not the one of this transactional id. */
    INVALID_PRODUCER_ID_MAPPING(49, Retry.NO, "the producer id is not the one of this transactional id"),
    /** The transaction timeout is above what the broker allows. */
    INVALID_TRANSACTION_TIMEOUT(50, Retry.NO, "the transaction timeout is above what the broker allows"),
    /** An earlier change of this transaction is still under way. */
    CONCURRENT_TRANSACTIONS(51, Retry.YES, "an earlier change of this transaction is still under way"),
    /** The transaction coordinator that asks has been replaced. */
    TRANSACTION_COORDINATOR_FENCED(52, Retry.NO, "the transaction coordinator that asks has been replaced"),
    /** The caller may not use this transactional id. */
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED(53, Retry.NO, "the caller may not use this transactional id"),
    /** Access rules are not switched on. */
    SECURITY_DISABLED(54, Retry.NO, "access rules are not switched on"),
    /** Not tried, because another part of the request was refused. */
    OPERATION_NOT_ATTEMPTED(55, Retry.NO, "not tried, because another part of the request was refused"),
    /** The disk that holds the log cannot be used. */
    KAFKA_STORAGE_ERROR(56, Retry.YES, "the disk that holds the log cannot be used"),
    /** The broker has no such log directory. */
    LOG_DIR_NOT_FOUND(57, Retry.NO, "the broker has no such log directory"),
    /** The credentials were not accepted. */
    SASL_AUTHENTICATION_FAILED(58, Retry.NO, "the credentials were not accepted"),
    /** The partition holds no record of this producer any more. */
    UNKNOWN_PRODUCER_ID(59, Retry.NO, "the partition holds no record of this producer any more"),
    /** The partition is being reassigned. */
    REASSIGNMENT_IN_PROGRESS(60, Retry.NO, "the partition is being reassigned"),
    /** Delegation tokens are not switched on. */
    DELEGATION_TOKEN_AUTH_DISABLED(61, Retry.NO, "delegation tokens are not switched on"),
    /** There is no such delegation token. */
    DELEGATION_TOKEN_NOT_FOUND(62, Retry.NO, "there is no such delegation token"),
    /** The caller does not own the delegation token. */
    DELEGATION_TOKEN_OWNER_MISMATCH(63, Retry.NO, "the caller does not own the delegation token"),
    /** Delegation tokens cannot be managed over this connection. */
    DELEGATION_TOKEN_REQUEST_NOT_ALLOWED(64, Retry.NO, "delegation tokens cannot be managed over this connection"),
    /** The caller may not do this with the delegation token. */
    DELEGATION_TOKEN_AUTHORIZATION_FAILED(65, Retry.NO, "the caller may not do this with the delegation token"),
    /** The delegation token is past its time. */
    DELEGATION_TOKEN_EXPIRED(66, Retry.NO, "the delegation token is past its time"),
    /** This type of principal cannot be used here. */
    INVALID_PRINCIPAL_TYPE(67, Retry.NO, "this type of principal cannot be used here"),
    /** The group still has members. */
    NON_EMPTY_GROUP(68, Retry.NO, "the group still has members"),
    /** There is no such group. */
    GROUP_ID_NOT_FOUND(69, Retry.NO, "there is no such group"),
    /** The broker does not hold this fetch session. */
    FETCH_SESSION_ID_NOT_FOUND(70, Retry.YES, "the broker does not hold this fetch session"),
    /** The epoch does not follow the last one of the fetch session. */
    INVALID_FETCH_SESSION_EPOCH(71, Retry.YES, "the epoch does not follow the last one of the fetch session"),
    /** The leader has no listener of the name the client came in by. */
    LISTENER_NOT_FOUND(72, Retry.YES, "the leader has no listener of the name the client came in by"),
    /** Deleting topics is switched off. */
    TOPIC_DELETION_DISABLED(73, Retry.NO, "deleting topics is switched off"),
    /** The leader epoch presented is older than the current one. */
    FENCED_LEADER_EPOCH(74, Retry.YES, "the leader epoch presented is older than the current one"),
    /** The leader epoch presented is newer than this broker knows. */
    UNKNOWN_LEADER_EPOCH(75, Retry.YES, "the leader epoch presented is newer than this broker knows"),
    /** This version of the request cannot carry the compression used. */
    UNSUPPORTED_COMPRESSION_TYPE(76, Retry.NO, "this version of the request cannot carry the compression used"),
    /** The broker has registered again since. */
    STALE_BROKER_EPOCH(77, Retry.NO, "the broker has registered again since"),
    /** The new leader's high watermark has not caught up yet. */
    OFFSET_NOT_AVAILABLE(78, Retry.YES, "the new leader's high watermark has not caught up yet"),
    /** The member joins again with the id given to it. */
    MEMBER_ID_REQUIRED(79, Retry.NO, "the member joins again with the id given to it"),
    /** The preferred leader is not there. */
    PREFERRED_LEADER_NOT_AVAILABLE(80, Retry.YES, "the preferred leader is not there"),
    /** The group has as many members as it may. */
    GROUP_MAX_SIZE_REACHED(81, Retry.NO, "the group has as many members as it may"),
    /** Another member has taken over this group instance id. */
    FENCED_INSTANCE_ID(82, Retry.NO, "another member has taken over this group instance id"),
    /** No replica that may lead is there. */
    ELIGIBLE_LEADERS_NOT_AVAILABLE(83, Retry.YES, "no replica that may lead is there"),
    /** The partition has the leader it should have. */
    ELECTION_NOT_NEEDED(84, Retry.YES, "the partition has the leader it should have"),
    /** The partition is not being reassigned. */
    NO_REASSIGNMENT_IN_PROGRESS(85, Retry.NO, "the partition is not being reassigned"),
    /** The group still consumes the topic. */
    GROUP_SUBSCRIBED_TO_TOPIC(86, Retry.NO, "the group still consumes the topic"),
    /** A record breaks a rule of its topic. */
    INVALID_RECORD(87, Retry.NO, "a record breaks a rule of its topic"),
    /** A transaction with offsets of the group has not ended. */
    UNSTABLE_OFFSET_COMMIT(88, Retry.YES, "a transaction with offsets of the group has not ended"),
    /** The quota is used up; the answer says for how long. */
    THROTTLING_QUOTA_EXCEEDED(89, Retry.YES, "the quota is used up; the answer says for how long"),
    /** A newer producer uses the same transactional id. */
    PRODUCER_FENCED(90, Retry.NO, "a newer producer uses the same transactional id"),
    /** There is no such thing. */
    RESOURCE_NOT_FOUND(91, Retry.NO, "there is no such thing"),
    /** The same thing is named twice. */
    DUPLICATE_RESOURCE(92, Retry.NO, "the same thing is named twice"),
    /** The credential does not meet the requirements. */
    UNACCEPTABLE_CREDENTIAL(93, Retry.NO, "the credential does not meet the requirements"),
    /** The sides disagree about who may vote. */
    INCONSISTENT_VOTER_SET(94, Retry.NO, "the sides disagree about who may vote"),
    /** The feature level is not usable. */
    INVALID_UPDATE_VERSION(95, Retry.NO, "the feature level is not usable"),
    /** The feature levels were not changed. */
    FEATURE_UPDATE_FAILED(96, Retry.NO, "the feature levels were not changed"),
    /** The forwarded principal cannot be read. */
    PRINCIPAL_DESERIALIZATION_FAILURE(97, Retry.NO, "the forwarded principal cannot be read"),
    /** There is no such snapshot. */
    SNAPSHOT_NOT_FOUND(98, Retry.NO, "there is no such snapshot"),
    /** The position is outside the snapshot. */
    POSITION_OUT_OF_RANGE(99, Retry.NO, "the position is outside the snapshot"),
    /** This broker knows no topic with this id. */
    UNKNOWN_TOPIC_ID(100, Retry.YES, "this broker knows no topic with this id"),
    /** Another broker with this node id is registered and alive. */
    DUPLICATE_BROKER_REGISTRATION(101, Retry.NO, "another broker with this node id is registered and alive"),
    /** No broker with this node id is registered. */
    BROKER_ID_NOT_REGISTERED(102, Retry.NO, "no broker with this node id is registered"),
    /** The log belongs to another topic id. */
    INCONSISTENT_TOPIC_ID(103, Retry.YES, "the log belongs to another topic id"),
    /** The request is meant for another cluster. */
    INCONSISTENT_CLUSTER_ID(104, Retry.NO, "the request is meant for another cluster"),
    /** There is no such transactional id. */
    TRANSACTIONAL_ID_NOT_FOUND(105, Retry.NO, "there is no such transactional id"),
    /** The fetch session mixes topic names and topic ids. */
    FETCH_SESSION_TOPIC_ID_ERROR(106, Retry.YES, "the fetch session mixes topic names and topic ids"),
    /** A replica proposed for the in-sync set may not be in it. */
    INELIGIBLE_REPLICA(107, Retry.NO, "a replica proposed for the in-sync set may not be in it"),
    /** The change was made and led to another leader. */
    NEW_LEADER_ELECTED(108, Retry.NO, "the change was made and led to another leader"),
    /** The offset is in tiered storage only. */
    OFFSET_MOVED_TO_TIERED_STORAGE(109, Retry.NO, "the offset is in tiered storage only"),
    /** The coordinator has fenced this member epoch; the member joins again. */
    FENCED_MEMBER_EPOCH(110, Retry.NO, "the coordinator has fenced this member epoch; the member joins again"),
    /** Another member still holds this group instance id. */
    UNRELEASED_INSTANCE_ID(111, Retry.NO, "another member still holds this group instance id"),
    /** The group's coordinator does not have this assignor. */
    UNSUPPORTED_ASSIGNOR(112, Retry.NO, "the group's coordinator does not have this assignor"),
    /** The member epoch is not the current one; a heartbeat tells it. */
    STALE_MEMBER_EPOCH(113, Retry.NO, "the member epoch is not the current one; a heartbeat tells it"),
    /** The request went to the wrong kind of endpoint. */
    MISMATCHED_ENDPOINT_TYPE(114, Retry.NO, "the request went to the wrong kind of endpoint"),
    /** This kind of endpoint is not known. */
    UNSUPPORTED_ENDPOINT_TYPE(115, Retry.NO, "this kind of endpoint is not known"),
    /** There is no controller with this id. */
    UNKNOWN_CONTROLLER_ID(116, Retry.NO, "there is no controller with this id"),
    /** The telemetry subscription has changed since. */
    UNKNOWN_SUBSCRIPTION_ID(117, Retry.NO, "the telemetry subscription has changed since"),
    /** The metrics take more room than the broker allows. */
    TELEMETRY_TOO_LARGE(118, Retry.NO, "the metrics take more room than the broker allows"),
    /** The controller holds the registration to be unusable. */
    INVALID_REGISTRATION(119, Retry.NO, "the controller holds the registration to be unusable"),
    /** The transaction can go on only by being aborted. */
    TRANSACTION_ABORTABLE(120, Retry.NO, "the transaction can go on only by being aborted"),
    /** The record is not in a state that allows this acknowledgement. */
    INVALID_RECORD_STATE(121, Retry.NO, "the record is not in a state that allows this acknowledgement"),
    /** The broker does not hold this share session. */
    SHARE_SESSION_NOT_FOUND(122, Retry.YES, "the broker does not hold this share session"),
    /** The epoch does not follow the last one of the share session. */
    INVALID_SHARE_SESSION_EPOCH(123, Retry.YES, "the epoch does not follow the last one of the share session"),
    /** The state epoch of the share partition is older than the current one. */
    FENCED_STATE_EPOCH(124, Retry.NO, "the state epoch of the share partition is older than the current one"),
    /** The receiver is another voter than the one addressed. */
    INVALID_VOTER_KEY(125, Retry.NO, "the receiver is another voter than the one addressed"),
    /** The voter is in the quorum already. */
    DUPLICATE_VOTER(126, Retry.NO, "the voter is in the quorum already"),
    /** The quorum has no such voter. */
    VOTER_NOT_FOUND(127, Retry.NO, "the quorum has no such voter"),
    /** The regular expression cannot be used. */
    INVALID_REGULAR_EXPRESSION(128, Retry.NO, "the regular expression cannot be used"),
    /** The client's metadata is too old; it starts again from its bootstrap servers. */
    REBOOTSTRAP_REQUIRED(129, Retry.NO, "the client's metadata is too old; it starts again from its bootstrap servers"),
    /** The topology of the streams application cannot be used. */
    STREAMS_INVALID_TOPOLOGY(130, Retry.NO, "the topology of the streams application cannot be used"),
    /** The topology epoch cannot be used. */
    STREAMS_INVALID_TOPOLOGY_EPOCH(131, Retry.NO, "the topology epoch cannot be used"),
    /** The topology epoch is older than the current one. */
    STREAMS_TOPOLOGY_FENCED(132, Retry.NO, "the topology epoch is older than the current one"),
    /** The broker holds as many share sessions as it may. */
    SHARE_SESSION_LIMIT_REACHED(133, Retry.YES, "the broker holds as many share sessions as it may");

    private static final ErrorCode[] BY_CODE = byCode();

    private final short code;
    private final boolean isRetriable;
    private final String message;

    ErrorCode(int code, Retry retry, String message) {
        this.code = (short) code;
        this.isRetriable = retry == Retry.YES;
        this.message = message;
    }

    /** The error with this code, if Kafka 4.3 has it. */
    public static Optional<ErrorCode> forCode(short code) {
        boolean isKnown = code >= UNKNOWN_SERVER_ERROR.code && code - UNKNOWN_SERVER_ERROR.code < BY_CODE.length;
        return isKnown ? Optional.of(BY_CODE[code - UNKNOWN_SERVER_ERROR.code]) : Optional.empty();
    }

    /** The number on the wire. */
    public short code() {
        return code;
    }

    /** Whether a client may send the same again and expect another answer. */
    public boolean isRetriable() {
        return isRetriable;
    }

    /** What it means, in one line. */
    public String message() {
        return message;
    }

    /** The codes are consecutive, which the initializer checks. */
    private static ErrorCode[] byCode() {
        ErrorCode[] all = values();
        for (int i = 0; i < all.length; i++) {
            if (all[i].code != i + UNKNOWN_SERVER_ERROR.code) {
                throw new IllegalStateException(Arrays.toString(all));
            }
        }
        return all;
    }

    private enum Retry {
        YES,
        NO
    }
}
