package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates topics that a client asked about, as the broker's defaults have it. Any thread. */
final class TopicCreation {

    private static final Logger log = LoggerFactory.getLogger(TopicCreation.class);

    /** Has the controller choose. */
    private static final int DEFAULT = -1;

    private final ControllerChannel controller;

    TopicCreation(ControllerChannel controller) {
        this.controller = controller;
    }

    /** Completes, never fails, with why topics could not be created, by name; those not named exist now. */
    CompletionStage<Map<String, ErrorCode>> create(Set<String> names) {
        var request = CreateTopicsRequest.builder()
                .topics(names.stream()
                        .map(name -> CreateTopicsRequest.Topic.builder()
                                .name(name)
                                .numPartitions(DEFAULT)
                                .replicationFactor((short) DEFAULT)
                                .build())
                        .toList())
                .build();
        return controller.call(request, CreateTopicsResponse.class).handle((created, failure) -> {
            if (failure == null) {
                return refusals(created);
            }
            log.warn("topics {} were not created; the client will ask again", names, failure);
            return new TreeMap<>();
        });
    }

    private static Map<String, ErrorCode> refusals(CreateTopicsResponse created) {
        var refusals = new TreeMap<String, ErrorCode>();
        for (var topic : created.topics()) {
            var error = ErrorCode.forCode(topic.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
            if (error != ErrorCode.NONE && error != ErrorCode.TOPIC_ALREADY_EXISTS) {
                log.info("topic {} was not created: {} {}", topic.name(), error, topic.errorMessage());
                refusals.put(topic.name(), error);
            }
        }
        return refusals;
    }
}
