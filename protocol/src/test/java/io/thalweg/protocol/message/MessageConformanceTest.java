package io.thalweg.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.Seeds;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.protocol.types.Struct;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every message in every version, against the classes of kafka-clients. */
final class MessageConformanceTest {

    private static final int ROUNDS = 200;

    @ParameterizedTest
    @EnumSource
    void messagesOfKafkaAreReadAndWrittenToTheSameBytes(ApiKey key) {
        forEachVersion(
                key,
                (codec, version) -> Seeds.run(ROUNDS, random -> {
                    Struct values = new RandomKafkaMessages(random).struct(codec.kafkaSchema(version));
                    ByteBuffer valuesAsBytes = ByteBuffer.allocate(values.sizeOf());
                    values.writeTo(valuesAsBytes);
                    var kafkas = codec.readKafka(valuesAsBytes.flip(), version);
                    ByteBuffer bytes = KafkaCodec.writeKafka(kafkas, version);

                    Message ours = codec.read(bytes, version);

                    Likeness.require((Record) ours, kafkas);
                    assertThat(KafkaCodec.write(ours, version)).isEqualTo(bytes);
                    assertThat(codec.read(valuesAsBytes, version)).isEqualTo(ours);
                }));
    }

    @ParameterizedTest
    @EnumSource
    void messagesOfOursAreReadAndWrittenToTheSameBytesByKafka(ApiKey key) {
        forEachVersion(key, (codec, version) -> {
            RandomMessages messages = new RandomMessages(codec.type(), version);
            Seeds.run(ROUNDS, random -> {
                Message ours = messages.next(random);

                ByteBuffer bytes = KafkaCodec.write(ours, version);

                assertThat(KafkaCodec.writeKafka(codec.readKafka(bytes, version), version))
                        .isEqualTo(bytes);
                assertThat(KafkaCodec.write(codec.read(bytes, version), version))
                        .isEqualTo(bytes);
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void whatAnotherVersionCannotCarryIsDroppedOrRefusedAsKafkaDoes(ApiKey key) {
        forEachVersion(
                key,
                (codec, version) -> Seeds.run(ROUNDS, random -> {
                    Struct values = new RandomKafkaMessages(random).struct(codec.kafkaSchema(version));
                    ByteBuffer bytes = ByteBuffer.allocate(values.sizeOf());
                    values.writeTo(bytes);
                    short other = (short) random.nextInt(key.minVersion(), key.maxVersion() + 1);
                    var kafkas = codec.readKafka(bytes.flip(), version);

                    Optional<ByteBuffer> written = writtenUnlessRefused(codec.read(bytes, version), other);

                    assertThat(written).as("as version %s", other).isEqualTo(writtenUnlessRefused(kafkas, other));
                }));
    }

    @ParameterizedTest
    @EnumSource
    void buildersStartFromTheDefaultsOfKafka(ApiKey key) throws ReflectiveOperationException {
        for (boolean isRequest : new boolean[] {true, false}) {
            KafkaCodec codec = new KafkaCodec(key, isRequest);

            Likeness.requireDefaults(codec.type(), codec.newKafkaMessage().getClass());
        }
    }

    @ParameterizedTest
    @EnumSource
    void tagsThatNobodyKnowsAreSkipped(ApiKey key) {
        forEachVersion(
                key,
                (codec, version) -> Seeds.run(version < key.flexibleFrom() ? 0 : 10, random -> {
                    var kafkas = codec.newKafkaMessage();
                    ByteBuffer withoutTags = KafkaCodec.writeKafka(kafkas, version);
                    kafkas.unknownTaggedFields().add(new RawTaggedField(4000, new RandomValues(random).bytes()));
                    kafkas.unknownTaggedFields().add(new RawTaggedField(4001, new byte[0]));

                    Message ours = codec.read(KafkaCodec.writeKafka(kafkas, version), version);

                    assertThat(ours).isEqualTo(codec.read(withoutTags, version));
                }));
    }

    private static Optional<ByteBuffer> writtenUnlessRefused(Message message, short version) {
        try {
            return Optional.of(KafkaCodec.write(message, version));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    private static Optional<ByteBuffer> writtenUnlessRefused(
            org.apache.kafka.common.protocol.Message message, short version) {
        try {
            return Optional.of(KafkaCodec.writeKafka(message, version));
        } catch (UnsupportedVersionException | NullPointerException refused) {
            return Optional.empty();
        }
    }

    private static void forEachVersion(ApiKey key, Check check) {
        for (boolean isRequest : new boolean[] {true, false}) {
            for (short version = key.minVersion(); version <= key.maxVersion(); version++) {
                KafkaCodec codec = new KafkaCodec(key, isRequest);
                try {
                    check.run(codec, version);
                } catch (AssertionError failure) {
                    throw new AssertionError(codec + " version " + version + " " + failure.getMessage(), failure);
                }
            }
        }
    }

    private interface Check {
        void run(KafkaCodec codec, short version);
    }
}
