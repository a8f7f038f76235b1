package io.thalweg.broker;

/** A running broker. */
public final class Broker {
    private Broker() {}
}
