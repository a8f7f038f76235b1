package io.thalweg.integration.compare;

import io.thalweg.protocol.message.GetTelemetrySubscriptionsRequest;
import io.thalweg.protocol.message.GetTelemetrySubscriptionsResponse;
import io.thalweg.protocol.message.PushTelemetryRequest;
import io.thalweg.protocol.message.PushTelemetryResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/** What clients that offer their metrics (KIP-714) say to a broker that takes none. */
enum TelemetryScripts {
    /** A client that does not know its id yet is given one. */
    NEWCOMER {
        @Override
        void tell(Dialogue to) throws IOException {
            var answer = to.answerOf(question(NOBODY), 0, GetTelemetrySubscriptionsResponse.class);
            to.note("is given an id", !answer.clientInstanceId().equals(NOBODY));
            to.note("may push every", answer.pushIntervalMillis());
        }
    },

    /** A client pushes what it was not asked for, and says goodbye. */
    UNASKED {
        @Override
        void tell(Dialogue to) throws IOException {
            var client = named(to, "client");
            var subscription = ask(to, client);
            push(to, push(client, subscription).build());
            push(to, push(client, subscription).terminating(true).build());
        }
    },

    /** Pushes that cannot be. */
    REFUSED {
        @Override
        void tell(Dialogue to) throws IOException {
            push(to, push(NOBODY, 0).build());
            push(to, push(UUID.randomUUID(), 0).build());
            var mistaken = named(to, "mistaken");
            push(to, push(mistaken, ask(to, mistaken) + 1).build());
            var packed = named(to, "packed");
            push(to, push(packed, ask(to, packed)).compressionType((byte) 9).build());
            var large = named(to, "large");
            var bytes = ByteBuffer.allocate((1 << 20) + 1);
            push(to, push(large, ask(to, large)).metrics(bytes).build());
        }
    };

    private static final UUID NOBODY = new UUID(0, 0);

    abstract void tell(Dialogue to) throws IOException;

    private static UUID named(Dialogue to, String name) {
        var client = UUID.randomUUID();
        to.call(client, name);
        return client;
    }

    private static GetTelemetrySubscriptionsRequest question(UUID client) {
        return GetTelemetrySubscriptionsRequest.builder()
                .clientInstanceId(client)
                .build();
    }

    /** Gives the id of the subscription, which each broker makes up. */
    private static int ask(Dialogue to, UUID client) throws IOException {
        var answer = to.answerOf(question(client), 0, GetTelemetrySubscriptionsResponse.class);
        to.note("subscription", answer.toBuilder().subscriptionId(0).build());
        return answer.subscriptionId();
    }

    private static PushTelemetryRequest.Builder push(UUID client, int subscription) {
        return PushTelemetryRequest.builder()
                .clientInstanceId(client)
                .subscriptionId(subscription)
                .metrics(ByteBuffer.allocate(10));
    }

    private static void push(Dialogue to, PushTelemetryRequest request) throws IOException {
        to.ask("push", request, 0, PushTelemetryResponse.class);
    }
}
