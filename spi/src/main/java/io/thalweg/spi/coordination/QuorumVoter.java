package io.thalweg.spi.coordination;

import io.thalweg.spi.transport.Endpoint;

/**
 * One that votes on metadata.
 *
 * @param id its node id
 * @param endpoint where the other members reach it
 */
public record QuorumVoter(int id, Endpoint endpoint) {

    /** Reads {@code id@host:port}. */
    public static QuorumVoter parse(String text) {
        var at = text.indexOf('@');
        try {
            int id = Integer.parseInt(text.substring(0, at));
            if (id < 0) {
                throw new IllegalArgumentException("node id " + id);
            }
            return new QuorumVoter(id, Endpoint.parse(text.substring(at + 1)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalArgumentException("voter " + text + ": expected id@host:port", e);
        }
    }

    @Override
    public String toString() {
        return id + "@" + endpoint;
    }
}
