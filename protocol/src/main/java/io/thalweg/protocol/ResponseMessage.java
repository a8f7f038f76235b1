package io.thalweg.protocol;

/** The answer to a {@link RequestMessage} of the same API and version. */
public interface ResponseMessage extends Message {

    /** The API this response belongs to. */
    ApiKey apiKey();

    /** For how long the client is kept waiting; 0 if the message has no place for that. */
    default int throttleTimeMillis() {
        return 0;
    }

    /** The same, but telling the client for how long it is kept waiting; itself if the message has no place for that. */
    default ResponseMessage throttled(int millis) {
        return this;
    }
}
