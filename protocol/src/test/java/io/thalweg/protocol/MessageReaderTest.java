package io.thalweg.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class MessageReaderTest {

    @Test
    void numbersAreBigEndian() {
        MessageReader in = reader("01 ff 0102 ffff 01020304 0102030405060708 3ff8000000000000");

        assertThat(in.readBool("f")).isTrue();
        assertThat(in.readInt8("f")).isEqualTo((byte) -1);
        assertThat(in.readInt16("f")).isEqualTo((short) 0x0102);
        assertThat(in.readUint16("f")).isEqualTo(0xffff);
        assertThat(in.readInt32("f")).isEqualTo(0x01020304);
        assertThat(in.readInt64("f")).isEqualTo(0x0102030405060708L);
        assertThat(in.readFloat64("f")).isEqualTo(1.5);
        assertThat(in.remaining()).isZero();
    }

    @Test
    void missingBytesAreReportedWithTheField() {
        malformed(() -> reader("00 00 01").readInt32("ProduceRequest.acks"))
                .hasMessage("ProduceRequest.acks: 4 bytes expected at byte 0, only 3 left");
    }

    @Test
    void variableLengthNumbersEndWithin32Bits() {
        assertThat(reader("ff ff ff ff 0f").readUnsignedVarint("f")).isEqualTo(-1);
        assertThat(reader("96 01").readUnsignedVarint("f")).isEqualTo(150);
        malformed(() -> reader("ff ff ff ff 1f").readUnsignedVarint("f"));
        malformed(() -> reader("ff ff ff ff ff 01").readUnsignedVarint("f"));
        malformed(() -> reader("ff ff").readUnsignedVarint("f"));
    }

    @Test
    void stringsHaveTwoKindsOfLength() {
        assertThat(reader("0002 6869").readString(false, "f")).isEqualTo("hi");
        assertThat(reader("03 6869").readString(true, "f")).isEqualTo("hi");
        assertThat(reader("ffff").readNullableString(false, "f")).isNull();
        assertThat(reader("00").readNullableString(true, "f")).isNull();
        assertThat(reader("03 c3a9").readString(true, "f")).isEqualTo("é");
    }

    @Test
    void stringsThatDoNotFitAreRefused() {
        malformed(() -> reader("0003 6869").readString(false, "f"))
                .hasMessage("f: 3 bytes expected at byte 2, only 2 left");
        malformed(() -> reader("fffe 6869").readString(false, "f"))
                .hasMessage("f: string length -2 read, expected at most 32767");
        malformed(() -> reader("818002 6869").readString(true, "f"))
                .hasMessage("f: string length 32768 read, expected at most 32767");
        malformed(() -> reader("ffffffff0f 6869").readString(true, "f"))
                .hasMessage("f: 4294967294 bytes expected at byte 5, only 2 left");
        malformed(() -> reader("00").readString(true, "f")).hasMessage("f: null read, which is not allowed here");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        malformed(() -> reader("02 ff").readString(true, "f")).hasMessage("f: the 1 bytes before byte 2 are not UTF-8");
        malformed(() -> reader("04 eda080").readString(true, "f"));
        assertThat(reader("04 efbfbd").readString(true, "f")).isEqualTo("\uFFFD");
    }

    @Test
    void bytesAreSlicesOfTheFrame() {
        ByteBuffer frame = ByteBuffer.wrap(HexFormat.of().parseHex("00000002abcd05"));
        MessageReader in = new MessageReader(frame);

        ByteBuffer bytes = in.readBytes(false, "f");
        frame.put(4, (byte) 0x11);

        assertThat(bytes).isEqualTo(ByteBuffer.wrap(new byte[] {0x11, (byte) 0xcd}));
        assertThat(in.remaining()).isEqualTo(1);
    }

    @Test
    void countsAreCheckedAgainstTheBytesLeft() {
        assertThat(reader("00000002 0000 0000").readCount(false, 2, "f")).isEqualTo(2);
        assertThat(reader("ffffffff").readNullableCount(false, 2, "f")).isEqualTo(-1);
        malformed(() -> reader("00000003 0000 0000").readCount(false, 2, "f"))
                .hasMessage(
                        "f: count 3 read, expected at most 2 because 4 bytes are left and an element takes at least 2");
        malformed(() -> reader("00000003").readCount(false, 1, "f"));
        malformed(() -> reader("fffffffe").readCount(false, 1, "f"))
                .hasMessage("f: length -2 read, expected -1 or more");
    }

    @Test
    void countsHaveACeilingWhateverTheFrameHolds() {
        ByteBuffer frame = ByteBuffer.allocate(4 + MessageReader.MAX_LIST_COUNT + 1);
        frame.putInt(0, MessageReader.MAX_LIST_COUNT + 1);

        malformed(() -> new MessageReader(frame).readCount(false, 1, "f"))
                .hasMessage("f: count 1000001 read, expected at most 1000000");
    }

    @Test
    void unknownTagsAreSkipped() {
        MessageReader in = reader("02 07 01 aa 09 00 05");

        in.skipTags("Struct");

        assertThat(in.readInt8("f")).isEqualTo((byte) 5);
    }

    @Test
    void tagsAreBounded() {
        malformed(() -> reader("914e").readTagCount("Struct"))
                .hasMessage("Struct: 10001 tagged fields announced, expected at most 10000");
        malformed(() -> reader("05 aa").readTagEnd("Struct"))
                .hasMessage("Struct: 5 bytes expected at byte 1, only 1 left");
        malformed(() -> reader("05 aa").expectTagEnd(1, "Struct"))
                .hasMessage("Struct: a tagged field ends at byte 0, expected byte 1 from its announced length");
    }

    @Test
    void presenceIsOneOrMinusOne() {
        assertThat(reader("01").readPresence("f")).isTrue();
        assertThat(reader("ff").readPresence("f")).isFalse();
        malformed(() -> reader("00").readPresence("f"))
                .hasMessage("f: presence 0 read, expected 1 (follows) or -1 (null)");
    }

    @Test
    void bytesBehindTheMessageAreReported() {
        MessageReader in = reader("01 02 03");
        in.readInt8("f");

        malformed(in::expectEnd).hasMessage("2 bytes follow the end of the message at byte 1");
    }

    @Test
    void directBuffersReadTheSame() {
        ByteBuffer frame = ByteBuffer.allocateDirect(8);
        frame.put((byte) 6).put("thalw".getBytes(StandardCharsets.UTF_8)).flip();

        assertThat(new MessageReader(frame).readString(true, "f")).isEqualTo("thalw");
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> malformed(ThrowingCallable reading) {
        return assertThatThrownBy(reading).isInstanceOf(MalformedMessageException.class);
    }

    private static MessageReader reader(String hex) {
        return new MessageReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }
}
