package io.thalweg.integration.sdk;

import io.thalweg.api.Acks;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Brokers of a cluster end without a word to its controller, and come back, one after the other, while the suite runs. */
@Tag("slow")
class FailoverSdkTest extends GroupSuite {

    private RestartableBrokers brokers;
    private CompletableFuture<Void> restarted = CompletableFuture.completedFuture(null);

    @Override
    Cluster start(Path directory) throws Exception {
        brokers = RestartableBrokers.start(
                builder -> Cluster.quick(builder).config("controlled.shutdown.enable", "false"));
        return Cluster.of(brokers);
    }

    /** All are there when a topic is made, for it gets replicas on each; one of them is not when it is used. */
    @Override
    String topic(int partitions) {
        awaitRestart();
        var topic = super.topic(partitions);
        restarted = CompletableFuture.runAsync(brokers::restartNext, task -> new Thread(task, "restart").start());
        return topic;
    }

    /** With others than {@code ALL} the next leader may lack what was acknowledged. */
    @Override
    @ParameterizedTest
    @EnumSource(value = Acks.class, names = "ALL")
    void everyAcknowledgementIsTold(Acks acks) {
        super.everyAcknowledgementIsTold(acks);
    }

    @AfterEach
    void awaitRestart() {
        restarted.orTimeout(60, TimeUnit.SECONDS).join();
    }
}
