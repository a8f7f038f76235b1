package io.thalweg.tck.transport;

/** Tests of one subject, gathered by {@link TransportSuite}. */
interface TransportTests {

    /** The transport under test. */
    Wire wire();
}
