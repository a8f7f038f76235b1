package io.thalweg.protocol;

/** The answer to a {@link RequestMessage} of the same API and version. */
public interface ResponseMessage extends Message {

    /** The API this response belongs to. */
    ApiKey apiKey();
}
