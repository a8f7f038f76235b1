package io.thalweg.broker.shard;

import com.lmax.disruptor.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a shard go on after a turn that threw: every other partition of it is unharmed. */
final class FailedTurns implements ExceptionHandler<Slot> {

    private static final Logger log = LoggerFactory.getLogger(FailedTurns.class);

    @Override
    public void handleEventException(Throwable failure, long sequence, Slot slot) {
        log.error("a turn of a shard threw", failure);
    }

    @Override
    public void handleOnStartException(Throwable failure) {
        log.error("a shard did not start as it should", failure);
    }

    @Override
    public void handleOnShutdownException(Throwable failure) {
        log.error("a shard did not end as it should", failure);
    }
}
