package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TroubleNoticesTest {

    private static final Optional<String> GONE = Optional.of("broker b:9092 cannot be reached: refused");

    private final AtomicLong clock = new AtomicLong(-5);
    private final CapturedTerminal terminal = new CapturedTerminal("");
    private final TroubleNotices notices = new TroubleNotices(terminal.terminal(), clock::get);

    private void passTime() {
        clock.addAndGet(TroubleNotices.PATIENCE.toNanos());
    }

    @Test
    void haltAndReturnAreToldOnceEach() {
        notices.heard(GONE);
        for (int i = 0; i < 3; i++) {
            passTime();
            notices.heard(GONE);
        }
        for (int i = 0; i < 3; i++) {
            notices.heard(Optional.empty());
        }

        assertThat(terminal.err())
                .isEqualTo("thalweg: broker b:9092 cannot be reached: refused; trying again\nthalweg: back again\n");
    }

    @Test
    void whatPassesAtOnceIsNotTold() {
        notices.heard(GONE);
        notices.heard(Optional.empty());
        passTime();
        notices.heard(GONE);
        notices.heard(Optional.empty());

        assertThat(terminal.err()).isEmpty();
    }
}
