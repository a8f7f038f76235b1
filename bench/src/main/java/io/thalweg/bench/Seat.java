package io.thalweg.bench;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A place in a cluster whose servers are all brokers and voters.
 *
 * @param id from 1
 * @param ports where clients reach each server, by id; its controller listener has the next port
 */
record Seat(int id, List<Integer> ports) {

    Seat {
        ports = List.copyOf(ports);
    }

    /** The same for every peer, so that none waits longer than another before it acts. */
    static final List<String> TIMEOUTS = List.of(
            "broker.session.timeout.ms=9000",
            "broker.heartbeat.interval.ms=2000",
            "replica.lag.time.max.ms=30000",
            "controller.quorum.fetch.timeout.ms=2000",
            "controller.quorum.election.timeout.ms=1000");

    int port() {
        return ports.get(id - 1);
    }

    String listeners() {
        return "PLAINTEXT://127.0.0.1:" + port() + ",CONTROLLER://127.0.0.1:" + (port() + 1);
    }

    String voters() {
        return IntStream.rangeClosed(1, ports.size())
                .mapToObj(each -> each + "@127.0.0.1:" + (ports.get(each - 1) + 1))
                .collect(Collectors.joining(","));
    }
}
