package io.thalweg.broker.request;

import io.thalweg.broker.quota.ClientQuotas.Kind;
import io.thalweg.protocol.ApiKey;

/** Counts what goes over connections; called on event loops. */
public interface RequestListener {

    /** Counts nothing. */
    RequestListener NONE = new RequestListener() {
        @Override
        public void began(ApiKey api, int requestBytes) {}

        @Override
        public void answered(ApiKey api, int responseBytes, long nanos) {}

        @Override
        public void throttled(Kind quota, long nanos) {}

        @Override
        public void fetchWaits() {}

        @Override
        public void fetchWaited() {}

        @Override
        public void connected() {}

        @Override
        public void disconnected() {}
    };

    /** A request of this size was understood. */
    void began(ApiKey api, int requestBytes);

    /** It was answered after so long, with an answer of this size; 0 if the client wanted none. */
    void answered(ApiKey api, int responseBytes, long nanos);

    /** A client has used more than its quota and has to wait for so long. */
    void throttled(Kind quota, long nanos);

    /** A fetch has less than it wants and begins to wait. */
    void fetchWaits();

    /** A fetch that waited is about to be answered. */
    void fetchWaited();

    /** A connection was accepted. */
    void connected();

    /** A connection is gone. */
    void disconnected();
}
