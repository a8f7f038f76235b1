package io.thalweg.protocol;

/** What a client asks of a broker, or one broker of another. */
public interface RequestMessage extends Message {

    /** The API this request belongs to. */
    ApiKey apiKey();
}
