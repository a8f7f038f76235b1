package io.thalweg.bench;

import java.util.Map;

/** Something to do to a server, the same for every peer; the client is Kafka's own and runs in this process. */
interface Load {

    /** As the tables name it. */
    String name();

    String describe();

    /** Runs once and tells what it measured, by column, in the order of the table. */
    Map<String, Double> run(Target server);
}
