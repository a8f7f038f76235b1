package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ReplicaMoves;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterReplicaLogDirsRequest;
import io.thalweg.protocol.message.AlterReplicaLogDirsResponse;
import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AlterReplicaLogDirs, key 34, versions 1-2: moves replicas to other directories of this broker. The answer comes when the moves have
 * begun; DescribeLogDirs tells how far they are.
 */
public final class AlterReplicaLogDirsHandler implements RequestHandler<AlterReplicaLogDirsRequest> {

    private static final Logger log = LoggerFactory.getLogger(AlterReplicaLogDirsHandler.class);

    private final ReplicaMoves moves;
    private final TopicTable topics;

    public AlterReplicaLogDirsHandler(ReplicaMoves moves, TopicTable topics) {
        this.moves = moves;
        this.topics = topics;
    }

    @Override
    public void handle(AlterReplicaLogDirsRequest request, Exchange exchange) {
        exchange.replyWhen(moves.engine().directories().thenApply(directories -> alter(request, directories)));
    }

    private AlterReplicaLogDirsResponse alter(AlterReplicaLogDirsRequest request, List<DirectoryImage> directories) {
        var results = new TreeMap<String, List<AlterReplicaLogDirsResponse.Partition>>();
        for (var dir : request.dirs()) {
            for (var topic : dir.topics()) {
                for (var index : topic.partitions()) {
                    var error = alter(dir.path(), topic.name(), index, directories);
                    results.computeIfAbsent(topic.name(), name -> new ArrayList<>())
                            .add(new AlterReplicaLogDirsResponse.Partition(index, error.code()));
                }
            }
        }
        return AlterReplicaLogDirsResponse.builder()
                .results(results.entrySet().stream()
                        .map(each -> new AlterReplicaLogDirsResponse.Topic(each.getKey(), each.getValue()))
                        .toList())
                .build();
    }

    private ErrorCode alter(String path, String topicName, int index, List<DirectoryImage> directories) {
        var directory = directories.stream()
                .filter(each -> each.path().toString().equals(path))
                .findFirst();
        if (directory.isEmpty()) {
            return ErrorCode.LOG_DIR_NOT_FOUND;
        }
        var topic = topics.find(topicName);
        var partition = topic == null ? null : topic.partition(index);
        if (!directory.get().isOnline() || (partition != null && partition.isOffline())) {
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
        if (partition == null) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        var isHere = partition.isLed() || partition.followedLog() != null;
        return isHere ? move(partition.id(), directory.get()) : ErrorCode.REPLICA_NOT_AVAILABLE;
    }

    private ErrorCode move(LogId id, DirectoryImage directory) {
        try {
            if (directory.logs().stream().anyMatch(held -> held.id().equals(id) && !held.isCopy())) {
                moves.cancel(id);
            } else {
                moves.begin(id, directory.path());
            }
            return ErrorCode.NONE;
        } catch (StorageException e) {
            return StorageErrors.codeOf(e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            log.warn("the move of {} to {} did not begin", id, directory.path(), e);
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
    }
}
