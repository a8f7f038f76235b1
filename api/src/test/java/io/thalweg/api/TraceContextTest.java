package io.thalweg.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceContextTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final TraceContext CONTEXT = new TraceContext(TRACE, SPAN, true, "shop=7");

    private static Headers headers(String parent) {
        return Headers.of(Header.of("traceparent", parent));
    }

    @Test
    void whatIsSentIsRead() {
        var record = CONTEXT.addTo(ProducerRecord.of("flights", "key", "value"));

        assertThat(record.headers().text("traceparent")).hasValue("00-" + TRACE + "-" + SPAN + "-01");
        assertThat(TraceContext.of(record.headers())).hasValue(CONTEXT);
    }

    @Test
    void onlyTheBitThatIsKnownCounts() {
        assertThat(TraceContext.of(headers("00-" + TRACE + "-" + SPAN + "-02")))
                .hasValue(new TraceContext(TRACE, SPAN, false, ""));
    }

    @Test
    void aLaterVersionIsReadAsFarAsItIsKnown() {
        assertThat(TraceContext.of(headers("cc-" + TRACE + "-" + SPAN + "-01-more")))
                .hasValue(new TraceContext(TRACE, SPAN, true, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "-01-more",
                "00-" + TRACE + "-" + SPAN,
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
                " 00-" + TRACE + "-" + SPAN + "-01"
            })
    void whatIsNoTraceIsIgnored(String parent) {
        assertThat(TraceContext.of(headers(parent))).isEmpty();
        assertThat(TraceContext.of(Headers.NONE)).isEmpty();
    }

    @Test
    void idsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> new TraceContext("12", SPAN, true, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TraceContext(TRACE, "", true, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recordsGetTheTraceThereIsAndKeepTheirOwn() {
        var record = ProducerRecord.of("flights", "key", "value");
        var other = new TraceContext(TRACE, "00f067aa0ba902b7", false, "");

        var traced = TraceContext.sentWith(() -> Optional.of(CONTEXT)).sending(record);

        assertThat(TraceContext.of(traced.headers())).hasValue(CONTEXT);
        assertThat(TraceContext.sentWith(() -> Optional.of(other)).sending(traced))
                .isEqualTo(traced);
        assertThat(TraceContext.sentWith(Optional::empty).sending(record)).isEqualTo(record);
    }
}
