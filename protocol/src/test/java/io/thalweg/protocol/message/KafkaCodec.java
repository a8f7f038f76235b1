package io.thalweg.protocol.message;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.Schema;

/** The requests or the responses of one API, in our hands and in Kafka's. */
record KafkaCodec(ApiKey key, boolean isRequest) {

    org.apache.kafka.common.protocol.Message newKafkaMessage() {
        ApiMessageType type = ApiMessageType.fromApiKey(key.id());
        return isRequest ? type.newRequest() : type.newResponse();
    }

    Schema kafkaSchema(short version) {
        ApiMessageType type = ApiMessageType.fromApiKey(key.id());
        return (isRequest ? type.requestSchemas() : type.responseSchemas())[version];
    }

    org.apache.kafka.common.protocol.Message readKafka(ByteBuffer bytes, short version) {
        org.apache.kafka.common.protocol.Message message = newKafkaMessage();
        ByteBuffer source = bytes.duplicate();
        message.read(new ByteBufferAccessor(source), version);
        if (source.hasRemaining()) {
            throw new IllegalStateException(this + " leaves " + source.remaining() + " bytes to Kafka's decoder");
        }
        return message;
    }

    static ByteBuffer writeKafka(org.apache.kafka.common.protocol.Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer target = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(target), cache, version);
        return target.flip();
    }

    Message read(ByteBuffer bytes, short version) {
        MessageReader in = new MessageReader(bytes.duplicate());
        Message message =
                isRequest ? MessageCodec.readRequest(key, in, version) : MessageCodec.readResponse(key, in, version);
        in.expectEnd();
        return message;
    }

    /** Writes into a buffer of exactly the announced size, which must become full. */
    static ByteBuffer write(Message message, short version) {
        ByteBuffer target = ByteBuffer.allocate(message.sizeInBytes(version));
        message.write(new MessageWriter(target), version);
        if (target.hasRemaining()) {
            throw new IllegalStateException(message.getClass().getSimpleName() + " announced " + target.capacity()
                    + " bytes and wrote " + target.position());
        }
        return target.flip();
    }

    /** What the builder of one of our types gives when nothing is set. */
    static Record defaults(Class<?> type) throws ReflectiveOperationException {
        Object builder = type.getMethod("builder").invoke(null);
        return (Record) builder.getClass().getMethod("build").invoke(builder);
    }

    Class<? extends Record> type() {
        String name = MessageCodec.class.getPackageName() + "." + key.apiName() + (isRequest ? "Request" : "Response");
        try {
            return Class.forName(name).asSubclass(Record.class);
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
