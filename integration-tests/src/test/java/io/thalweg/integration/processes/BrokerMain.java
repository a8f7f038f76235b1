package io.thalweg.integration.processes;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.List;

/** A broker as the main program of a process: {@code BrokerMain <directory> <port> <name>=<value>...}; ends when it is killed. */
public final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        var builder =
                Broker.builder().storage(FileStorage.at(Path.of(arguments[0]))).listen("127.0.0.1:" + arguments[1]);
        for (var setting : List.of(arguments).subList(2, arguments.length)) {
            var parts = setting.split("=", 2);
            builder.config(parts[0], parts[1]);
        }
        var broker = builder.start();
        System.out.println("ready on " + broker.bootstrap());
        Thread.currentThread().join();
    }
}
