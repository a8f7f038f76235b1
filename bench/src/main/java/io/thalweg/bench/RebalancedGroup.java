package io.thalweg.bench;

import java.io.IOException;

/** A group with a member that leaves and comes back as another. */
interface RebalancedGroup extends AutoCloseable {

    /** Has it leave and come back; the milliseconds from its first join until every member has what it is to have. */
    double round() throws IOException;

    @Override
    void close() throws IOException;
}
