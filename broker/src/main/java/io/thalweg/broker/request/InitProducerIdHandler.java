package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.InitProducerIdRequest;
import io.thalweg.protocol.message.InitProducerIdResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * InitProducerId, key 22, versions 0-5: gives an idempotent producer its id.
 *
 * <p>A producer that presents the id it had gets a new one, as with Kafka: only with a transactional id does an epoch tell two lives
 * apart. There are no transactions yet; who asks for one hears UNSUPPORTED_VERSION, which clients take as final.
 */
public final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequest> {

    private static final Logger log = LoggerFactory.getLogger(InitProducerIdHandler.class);

    private final ProducerIds ids;

    public InitProducerIdHandler(ClusterView cluster, ControllerChannel controller) {
        this.ids = new ProducerIds(cluster, controller);
    }

    @Override
    public void handle(InitProducerIdRequest request, Exchange exchange) {
        var error = refusal(request);
        if (error != ErrorCode.NONE) {
            exchange.reply(refused(error));
            return;
        }
        exchange.replyWhen(ids.next().handle((id, failure) -> {
            if (failure == null) {
                return InitProducerIdResponse.builder().producerId(id).build();
            }
            log.warn("no producer id for {}: the client will ask again", exchange, failure);
            return refused(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        }));
    }

    private static ErrorCode refusal(InitProducerIdRequest request) {
        var transactionalId = request.transactionalId();
        if (transactionalId != null) {
            return transactionalId.isEmpty() ? ErrorCode.INVALID_REQUEST : ErrorCode.UNSUPPORTED_VERSION;
        }
        var hasId = request.producerId() != -1;
        var hasEpoch = request.producerEpoch() != -1;
        return hasId == hasEpoch ? ErrorCode.NONE : ErrorCode.INVALID_REQUEST;
    }

    private static InitProducerIdResponse refused(ErrorCode error) {
        return InitProducerIdResponse.builder()
                .errorCode(error.code())
                .producerEpoch((short) -1)
                .build();
    }
}
