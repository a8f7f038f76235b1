package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.Message;
import java.util.List;

/** Something to decide. Called on the controller's event loop; ends with one call of {@code succeed} or {@code fail}. */
interface Work {

    /** What changes; called once. */
    List<Message> decide(MetadataImage image);

    /** What was decided is committed, replayed and published. */
    void succeed();

    /** It was not decided, or whether it was committed is not known. */
    void fail(ControllerException cause);
}
