package io.thalweg.client;

import io.thalweg.api.StartPosition;
import org.jspecify.annotations.Nullable;

/**
 * What a reader does about offsets and topics that are gone.
 *
 * @param offset where reading goes on when an offset is gone; with null that is a failure
 * @param isOfGroup whether a coordinator says what is read: then a topic that is missing is waited for until it has another read
 */
record GonePolicy(@Nullable StartPosition offset, boolean isOfGroup) {

    /** What nobody else decides fails. */
    static final GonePolicy FAIL = new GonePolicy(null, false);
}
