package io.thalweg.integration.processes;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;

/** A broker as the main program of a process: {@code BrokerMain <directory> <port>}; ends when it is killed. */
public final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        var broker = Broker.builder()
                .storage(FileStorage.at(Path.of(arguments[0])))
                .listen("127.0.0.1:" + arguments[1])
                .start();
        System.out.println("ready on " + broker.bootstrap());
        Thread.currentThread().join();
    }
}
