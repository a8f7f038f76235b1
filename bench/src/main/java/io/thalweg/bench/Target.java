package io.thalweg.bench;

import java.util.Collection;

/** What loads are put on: a server, or several that form a cluster. */
interface Target extends AutoCloseable {

    Peer peer();

    /** What clients call {@code bootstrap.servers}. */
    String bootstrap();

    /** What all its processes have used so far. */
    Usage usage();

    /** Creates a topic, on as many servers as there are up to three, and waits until each of its leaders answers. */
    void create(String topic, int partitions, boolean isOnDisk);

    void delete(Collection<String> topics);

    @Override
    void close();
}
