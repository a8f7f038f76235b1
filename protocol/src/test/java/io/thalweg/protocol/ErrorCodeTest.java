package io.thalweg.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

final class ErrorCodeTest {

    @Test
    void codesNamesAndRetriesAreThoseOfKafka() {
        assertThat(Arrays.stream(ErrorCode.values())
                        .map(error -> error.code() + " " + error.name() + " " + error.isRetriable()))
                .containsExactlyElementsOf(Arrays.stream(Errors.values())
                        .map(error -> error.code() + " " + error.name() + " "
                                + (error.exception() instanceof RetriableException))
                        .toList());
    }

    @Test
    void errorsAreFoundByCode() {
        assertThat(ErrorCode.forCode((short) -1)).contains(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(ErrorCode.forCode((short) 0)).contains(ErrorCode.NONE);
        assertThat(ErrorCode.forCode((short) 133)).contains(ErrorCode.SHARE_SESSION_LIMIT_REACHED);
        assertThat(ErrorCode.forCode((short) 134)).isEmpty();
        assertThat(ErrorCode.forCode((short) -2)).isEmpty();
    }

    @Test
    void messagesAreDifferentLines() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::message))
                .doesNotHaveDuplicates()
                .allSatisfy(message -> assertThat(message).isNotBlank().doesNotContain("\n"));
    }
}
