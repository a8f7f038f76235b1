package io.thalweg.protocol;

/** The answer to a {@link RequestMessage} of the same API and version. */
public interface ResponseMessage extends Message {

    /** The API this response belongs to. */
    ApiKey apiKey();

    /** The same, but telling the client for how long it is kept waiting; itself if the message has no place for that. */
    default ResponseMessage throttled(int millis) {
        return this;
    }
}
