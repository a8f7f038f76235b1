package io.thalweg.broker.request;

import io.thalweg.broker.partition.AppendResult;
import io.thalweg.broker.partition.RecordFault;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordView;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Function;

/** Names the records for which a batch is refused: clients tell each sender whether it was its own. Pure. */
final class RecordFaults {

    /** So many are named; a batch may hold hundreds of thousands. */
    private static final int MAX_NAMED = 100;

    private RecordFaults() {}

    /** Walks over a sound batch in which there is something to object to. */
    static AppendResult refuse(RecordBatch batch, ErrorCode error, Function<RecordView, Optional<String>> objection) {
        var faults = new ArrayList<RecordFault>();
        var count = 0;
        try (var records = batch.records()) {
            for (var index = 0; records.hasNext(); index++) {
                var fault = objection.apply(records.next());
                if (fault.isPresent()) {
                    if (faults.size() < MAX_NAMED) {
                        faults.add(new RecordFault(index, fault.get()));
                    }
                    count++;
                }
            }
        }
        var first = faults.get(0);
        var message = "record " + first.index() + ": " + first.message();
        return AppendResult.refused(
                error, count == 1 ? message : message + "; and so are " + (count - 1) + " more", faults);
    }
}
