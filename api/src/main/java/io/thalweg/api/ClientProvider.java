package io.thalweg.api;

/** Where clients come from: stateless, found by {@link java.util.ServiceLoader}. Applications call {@link Thalweg#connect(String)}. */
public interface ClientProvider {

    /** Makes a client; connections are made when they are needed. */
    Thalweg connect(ClientConfig config);
}
