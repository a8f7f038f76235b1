package io.thalweg.cli;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;

/** One broker in this process. */
record DemoBroker(Broker broker) implements DemoBrokers {

    static DemoBroker start(Path directory) {
        return new DemoBroker(Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .start());
    }

    @Override
    public int count() {
        return 1;
    }

    @Override
    public String bootstrap() {
        return broker.bootstrap();
    }

    @Override
    public void kill(int id) {
        throw new IllegalStateException("broker " + id + " is this process");
    }

    @Override
    public void close() {
        broker.close();
    }
}
