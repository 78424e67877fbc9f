package io.penstock.broker.log;

import io.penstock.broker.protocol.record.BatchRebuilding.Batch;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The batch by which a log knows a producer: the last one with data, for its sequence number, or
 * else the marker that tells the producer's epoch.
 */
record LastBatch(OptionalLong lastDataOffset, short producerEpoch) {

    static Map<Long, LastBatch> ofAll(Collection<ProducerEntry> entries) {
        Map<Long, LastBatch> last = new HashMap<>();
        for (ProducerEntry entry : entries) {
            ProducerEntry.Batch batch = entry.lastBatch();
            OptionalLong offset =
                    batch == null ? OptionalLong.empty() : OptionalLong.of(batch.lastOffset());
            last.put(entry.producerId(), new LastBatch(offset, entry.epoch()));
        }
        return last;
    }

    boolean is(Batch batch) {
        return lastDataOffset.isPresent()
                ? batch.lastOffset() == lastDataOffset.getAsLong()
                : batch.isControl() && batch.producerEpoch() == producerEpoch;
    }
}
