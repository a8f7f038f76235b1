package io.thalweg.broker.request;

import io.thalweg.protocol.Records;
import io.thalweg.spi.storage.LogSlice;

/** The batches of an answer where the log has them; the slice is given to the answer, which closes it once it is sent. */
record SliceRecords(LogSlice slice) implements Records {

    @Override
    public int sizeInBytes() {
        return slice.sizeInBytes();
    }
}
