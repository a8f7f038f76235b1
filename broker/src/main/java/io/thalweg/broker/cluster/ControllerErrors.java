package io.thalweg.broker.cluster;

import io.thalweg.coordinator.controller.ControllerException;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.AllocateProducerIdsResponse;
import io.thalweg.protocol.message.AlterPartitionResponse;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import io.thalweg.protocol.message.BrokerRegistrationResponse;
import io.thalweg.protocol.message.EnvelopeResponse;

/** How a node says that it did not decide a request. */
final class ControllerErrors {

    private ControllerErrors() {}

    static boolean isNotController(ResponseMessage answer) {
        return code(answer) == ErrorCode.NOT_CONTROLLER.code();
    }

    private static short code(ResponseMessage answer) {
        if (answer instanceof EnvelopeResponse envelope) {
            return envelope.errorCode();
        }
        if (answer instanceof BrokerHeartbeatResponse heartbeat) {
            return heartbeat.errorCode();
        }
        if (answer instanceof BrokerRegistrationResponse registration) {
            return registration.errorCode();
        }
        if (answer instanceof AlterPartitionResponse altered) {
            return altered.errorCode();
        }
        if (answer instanceof AllocateProducerIdsResponse allocated) {
            return allocated.errorCode();
        }
        return ErrorCode.NONE.code();
    }

    /** Why the controller did not decide what was enclosed. */
    static ControllerException toException(EnvelopeResponse refused) {
        var error = ErrorCode.forCode(refused.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        return new ControllerException(error, "the controller did not decide the request: " + error);
    }
}
