package io.thalweg.cli;

/** What the demo streams through. Confined to the demo's thread. */
interface DemoBrokers extends AutoCloseable {

    /** How many there are. */
    int count();

    String bootstrap();

    /** Ends one at once, as a power cut would. */
    void kill(int id);

    @Override
    void close();
}
