package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How a member is kept in its group and hears what it is to own: there is one for each protocol of groups. Owned by the loop, on which
 * all is called and heard.
 */
interface Membership {

    /** Whom it is for, and who hears of it. */
    interface Listener {

        /** What the member owns, with the ids of the topics. */
        Map<TopicPartition, UUID> owned();

        /** What is wanted has changed. */
        void wantedChanged();

        /** The group has given away what was owned. */
        void fenced();

        /** Has everything given up; completes on any thread. */
        CompletionStage<?> giveUpAll();

        /** The member is out of its group for good. */
        void failed(ClientException reason);
    }

    void join();

    /** What the member is to own; empty as long as that is not known. */
    Optional<Map<TopicPartition, UUID>> wanted();

    /** What is owned has changed: given up, or else taken. */
    void ownedChanged(boolean isLess);

    /** Brokers have told something of topics. */
    void metadataChanged();

    /** Asks soon whether the member is one still. */
    void check();

    /** Who commits. */
    MemberOffsets.Identity identity();

    /** Asks nothing more. */
    void end();

    /** Ends, and tells the coordinator; completes once it knows or does not answer. */
    CompletableFuture<?> leave();
}
