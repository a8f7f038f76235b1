package io.thalweg.integration.processes;

/** A server that may be struck, wherever it runs. Owned by the test. */
interface StrikableServer {

    int id();

    /** Starts it, if it does not run, and waits until it serves. */
    void start();

    /** SIGKILL. */
    void kill();

    /** SIGTERM, and its end. */
    void stop();

    /** It stands still and does not know. */
    void pause();

    void resume();
}
