package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;

/** Decides one kind of request. Changes nothing but soft state such as sessions; owned by the controller's event loop. */
interface Decider<Q extends RequestMessage, R extends ResponseMessage> {

    Decision<R> decide(MetadataImage image, Q request);
}
