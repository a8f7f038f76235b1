package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.InitProducerIdRequest;
import io.thalweg.protocol.message.InitProducerIdResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a producer its identity, and makes it a new one after a numbered batch was given up. Owned by the loop.
 *
 * <p>A broker that knows no such thing is written to without idempotence. One that refuses is asked again when there is something new to
 * send.
 */
final class IdentitySource {

    private static final Logger log = LoggerFactory.getLogger(IdentitySource.class);

    private final MetadataCache metadata;
    private final Connections connections;
    private final Retries retries;
    private ProducerIdentity current = ProducerIdentity.NONE;
    private boolean isWanted;
    private boolean isSupported = true;
    private boolean isUnderWay;
    private @Nullable ClientException refusal;

    IdentitySource(MetadataCache metadata, Connections connections, Retries retries, boolean isWanted) {
        this.metadata = metadata;
        this.connections = connections;
        this.retries = retries;
        this.isWanted = isWanted;
    }

    /** Whether new batches may be numbered, or need no number. */
    boolean isReady() {
        return !isWanted || current.isPresent();
    }

    boolean isSupported() {
        return isSupported;
    }

    /** Why there will be no identity, if that was answered since it was last asked for; what waits for one is given up. */
    @Nullable ClientException takeRefusal() {
        var taken = refusal;
        refusal = null;
        return taken;
    }

    ProducerIdentity current() {
        return current;
    }

    /**
     * The identity has a gap somewhere: no new batch is numbered under it. The next epoch fences what is on its way still: it would come to
     * lie behind what is written later (KIP-360). One that brokers have fenced is somebody else's now.
     */
    void discard(ProducerIdentity damaged, ErrorCode why) {
        if (damaged.equals(current)) {
            var isFenced = why == ErrorCode.INVALID_PRODUCER_EPOCH || why == ErrorCode.PRODUCER_FENCED;
            current = isFenced ? ProducerIdentity.NONE : damaged.next();
        }
    }

    /** Asks for an identity; batches of the last one may be on their way. */
    void request(Runnable whenDone) {
        if (isUnderWay) {
            return;
        }
        isUnderWay = true;
        var unused = retries.run(() -> connections
                        .call(
                                metadata.anyBroker(),
                                ApiKey.INIT_PRODUCER_ID,
                                InitProducerIdResponse.class,
                                version -> new InitProducerIdRequest(
                                        null, Integer.MAX_VALUE, -1, (short) -1, false, false))
                        .thenApply(IdentitySource::identity))
                .whenComplete((identity, failure) -> {
                    isUnderWay = false;
                    if (failure == null) {
                        current = identity;
                    } else {
                        failed(ClientException.from(failure));
                    }
                    whenDone.run();
                });
    }

    private static ProducerIdentity identity(InitProducerIdResponse answer) {
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            throw ClientException.answered("producer id", answer.errorCode(), null);
        }
        return new ProducerIdentity(answer.producerId(), answer.producerEpoch());
    }

    private void failed(ClientException failure) {
        if (failure.code() == ErrorCode.UNSUPPORTED_VERSION) {
            isWanted = false;
            isSupported = false;
            log.warn("brokers hand out no producer ids; a record that is sent again may be written twice");
        } else if (failure.isRetriable()) {
            log.warn("no producer id yet: {}", failure.getMessage());
        } else {
            refusal = failure;
        }
    }
}
