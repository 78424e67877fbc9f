package io.penstock.broker.log;

import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds records of a log in memory by their time, looking at each of them.
 *
 * @param batches all of the log's
 * @param epochs each leader epoch's first offset, ascending
 */
record MemoryTimestamps(List<ByteBuffer> batches, Map<Integer, Long> epochs, long logStartOffset) {

    Optional<OffsetAndTimestamp> find(long timestamp, long belowOffset) {
        for (Record record : records(belowOffset)) {
            if (record.timestamp() >= timestamp) {
                return Optional.of(found(record));
            }
        }
        return Optional.empty();
    }

    Optional<OffsetAndTimestamp> largest(long belowOffset) {
        Optional<OffsetAndTimestamp> largest = Optional.empty();
        for (Record record : records(belowOffset)) {
            if (largest.isEmpty() || record.timestamp() > largest.get().timestamp()) {
                largest = Optional.of(found(record));
            }
        }
        return largest;
    }

    private OffsetAndTimestamp found(Record record) {
        int epoch = -1;
        for (Map.Entry<Integer, Long> entry : epochs.entrySet()) {
            if (entry.getValue() <= record.offset()) {
                epoch = entry.getKey();
            }
        }
        return new OffsetAndTimestamp(record.offset(), record.timestamp(), epoch);
    }

    private List<Record> records(long belowOffset) {
        List<Record> all = new ArrayList<>();
        for (ByteBuffer batch : batches) {
            for (Record record : MemoryRecords.readableRecords(batch).records()) {
                if (record.offset() >= logStartOffset && record.offset() < belowOffset) {
                    all.add(record);
                }
            }
        }
        return all;
    }
}
