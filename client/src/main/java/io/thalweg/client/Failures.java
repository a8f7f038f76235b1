package io.thalweg.client;

import io.thalweg.api.ThalwegException;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.CorruptRecordException;

/** Says in the words of the API what failed on the wire: one table from Kafka's codes to what the application does next. */
final class Failures {

    private Failures() {}

    static ThalwegException toApi(Throwable failure) {
        var inner = ClientException.unwrapped(failure);
        if (inner instanceof ClientException wire) {
            return toApi(wire);
        }
        if (inner instanceof CorruptRecordException) {
            return new ThalwegException.Corrupt(
                    ErrorCode.CORRUPT_MESSAGE.name(), String.valueOf(inner.getMessage()), inner);
        }
        return ThalwegException.from(inner);
    }

    static ThalwegException toApi(ClientException failure) {
        var code = failure.code().name();
        var message = String.valueOf(failure.getMessage());
        return switch (failure.code()) {
            case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, GROUP_ID_NOT_FOUND, INVALID_PARTITIONS ->
                new ThalwegException.NotFound(code, message, failure);
            case TOPIC_ALREADY_EXISTS -> new ThalwegException.AlreadyExists(code, message, failure);
            case OFFSET_OUT_OF_RANGE -> new ThalwegException.OffsetGone(code, message, failure);
            case CORRUPT_MESSAGE -> new ThalwegException.Corrupt(code, message, failure);
            case UNSUPPORTED_VERSION -> new ThalwegException.Unsupported(code, message, failure);
            case FENCED_MEMBER_EPOCH,
                    STALE_MEMBER_EPOCH,
                    UNKNOWN_MEMBER_ID,
                    ILLEGAL_GENERATION,
                    FENCED_INSTANCE_ID,
                    PRODUCER_FENCED,
                    INVALID_PRODUCER_EPOCH -> new ThalwegException.Fenced(code, message, failure);
            case TOPIC_AUTHORIZATION_FAILED,
                    GROUP_AUTHORIZATION_FAILED,
                    CLUSTER_AUTHORIZATION_FAILED,
                    TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                    SASL_AUTHENTICATION_FAILED -> new ThalwegException.Denied(code, message, failure);
            case NETWORK_EXCEPTION ->
                failure.isRetriable()
                        ? new ThalwegException.Unavailable(code, message, failure)
                        : new ThalwegException.Closed(message, failure);
            case UNKNOWN_SERVER_ERROR -> new ThalwegException.Unexpected(code, message, failure);
            default ->
                failure.isRetriable()
                        ? new ThalwegException.Unavailable(code, message, failure)
                        : new ThalwegException.Rejected(code, message, failure);
        };
    }
}
