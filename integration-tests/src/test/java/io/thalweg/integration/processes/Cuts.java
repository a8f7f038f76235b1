package io.thalweg.integration.processes;

import java.util.random.RandomGenerator;

/** What can be done to the ways between servers. Owned by the test. */
interface Cuts {

    /** Cuts a server off, in one manner or another; gives the manner. */
    String cutOff(StrikableServer server, RandomGenerator random);

    /** All ways are free. */
    void repair();
}
