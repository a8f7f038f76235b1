package io.thalweg.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.Seeds;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers in every version, against the classes of kafka-clients. */
final class HeaderConformanceTest {

    private static final int ROUNDS = 200;

    @ParameterizedTest
    @ValueSource(shorts = {1, 2})
    void requestHeadersAreReadAndWrittenAlike(short version) {
        Seeds.run(ROUNDS, random -> {
            RequestHeaderData kafkas = new RequestHeaderData()
                    .setRequestApiKey((short) random.nextInt())
                    .setRequestApiVersion((short) random.nextInt())
                    .setCorrelationId(random.nextInt())
                    .setClientId(random.nextInt(5) == 0 ? null : new RandomValues(random).text());
            ByteBuffer bytes = KafkaCodec.writeKafka(kafkas, version);

            RequestHeader ours = RequestHeader.read(new MessageReader(bytes.duplicate()), version);

            Likeness.require(ours, kafkas);
            assertThat(KafkaCodec.write(ours, version)).isEqualTo(bytes);
        });
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1})
    void responseHeadersAreReadAndWrittenAlike(short version) {
        Seeds.run(ROUNDS, random -> {
            ResponseHeader ours =
                    ResponseHeader.builder().correlationId(random.nextInt()).build();

            ByteBuffer bytes = KafkaCodec.write(ours, version);

            ResponseHeaderData kafkas = new ResponseHeaderData(new ByteBufferAccessor(bytes.duplicate()), version);
            Likeness.require(ours, kafkas);
            assertThat(KafkaCodec.writeKafka(kafkas, version)).isEqualTo(bytes);
            assertThat(ResponseHeader.read(new MessageReader(bytes), version)).isEqualTo(ours);
        });
    }
}
