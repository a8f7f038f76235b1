package io.thalweg.spi.coordination;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A metadata log whose members can be asked by the others, on the ways that the quorum has between them: so a controller is reached that
 * is no broker and listens for nobody else. What is asked and answered means nothing to the log.
 *
 * <p><b>Threads.</b> Any thread may call. Whoever answers is called from threads of the log and must not block.
 *
 * <p><b>Ownership.</b> Questions and answers are given.
 *
 * <p><b>Ordering.</b> None: a question may overtake another, and one that got no answer may still be answered by an effect.
 *
 * <p><b>Errors.</b> A stage fails where the member cannot be reached, does not answer in time, or has nobody who answers.
 *
 * <p><b>Close.</b> As the log; questions under way fail.
 */
public interface AskableLog extends MetadataLog {

    /** Asks a voter, which is this member or another one. */
    CompletionStage<ByteBuffer> ask(int voter, ByteBuffer question);

    /** Has questions of the others answered by this from now on; once, and by voters only. */
    void answerBy(Function<ByteBuffer, CompletionStage<ByteBuffer>> answers);
}
