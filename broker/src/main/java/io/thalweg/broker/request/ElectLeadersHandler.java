package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.ElectLeadersRequest;
import io.thalweg.protocol.message.ElectLeadersResponse;
import java.util.List;

/** ElectLeaders, key 43, versions 0-2: the controller decides. */
public final class ElectLeadersHandler implements RequestHandler<ElectLeadersRequest> {

    /** The first version with an error for the whole. */
    private static final short TOP_LEVEL_ERROR_VERSION = 1;

    private final ControllerChannel controller;

    public ElectLeadersHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(ElectLeadersRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, ElectLeadersResponse.class)
                .exceptionally(failure -> refused(request, exchange.version(), failure)));
    }

    private static ElectLeadersResponse refused(ElectLeadersRequest request, short version, Throwable failure) {
        var code = ControllerFailures.codeOf(failure).code();
        var asked = request.topicPartitions();
        if (version >= TOP_LEVEL_ERROR_VERSION || asked == null) {
            return ElectLeadersResponse.builder()
                    .errorCode(version >= TOP_LEVEL_ERROR_VERSION ? code : 0)
                    .build();
        }
        return ElectLeadersResponse.builder()
                .replicaElectionResults(asked.stream()
                        .map(topic -> new ElectLeadersResponse.Topic(
                                topic.topic(), rows(topic.partitions(), code, ControllerFailures.messageOf(failure))))
                        .toList())
                .build();
    }

    private static List<ElectLeadersResponse.Partition> rows(List<Integer> partitions, short code, String message) {
        return partitions.stream()
                .map(partition -> new ElectLeadersResponse.Partition(partition, code, message))
                .toList();
    }
}
