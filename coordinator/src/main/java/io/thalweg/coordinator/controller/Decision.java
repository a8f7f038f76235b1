package io.thalweg.coordinator.controller;

import io.thalweg.protocol.Message;
import io.thalweg.protocol.ResponseMessage;
import java.util.List;

/**
 * What a request comes to.
 *
 * @param records what changes; the reply is given once they are committed and replayed
 * @param reply what the requester is told then
 */
record Decision<R extends ResponseMessage>(List<Message> records, R reply) {

    Decision {
        records = List.copyOf(records);
    }
}
