package io.penstock.broker.handler;

import io.penstock.broker.log.RecordBatchHeader;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.protocol.FetchedRecords;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiMessage;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * Counts the records, and their bytes, that go in and out of topics; of none that does not exist.
 */
final class TopicTraffic {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final MetadataCache metadata;
    private final TrafficMetrics metrics;

    TopicTraffic(MetadataCache metadata, TrafficMetrics metrics) {
        this.metadata = metadata;
        this.metrics = metrics;
    }

    void countRequest(ApiMessage request) {
        if (request instanceof ProduceRequestData produce) {
            for (var topic : produce.topicData()) {
                long bytes = 0;
                long records = 0;
                for (var partition : topic.partitionData()) {
                    ByteBuffer batch = FetchedRecords.produced(partition).orElse(NOTHING);
                    bytes += batch.remaining();
                    records += recordsOf(batch);
                }
                long counted = records;
                withTopic(
                        topic.topicId(),
                        topic.name(),
                        bytes,
                        name -> size -> metrics.topic(name).received(counted, size));
            }
        }
    }

    /** Produce requests have one batch per partition; nobody has looked yet whether it is sound. */
    private static long recordsOf(ByteBuffer batch) {
        if (batch.remaining() < RecordBatchHeader.SIZE) {
            return 0;
        }
        int count = RecordBatchHeader.recordCount(batch, batch.position());
        return count == RecordBatchHeader.lastOffsetDelta(batch, batch.position()) + 1
                ? Math.max(0, count)
                : 0;
    }

    void countResponse(ApiMessage response) {
        if (response instanceof FetchResponseData fetch) {
            for (var topic : fetch.responses()) {
                long bytes = topic.partitions().stream().mapToLong(FetchedRecords::sizeOf).sum();
                withTopic(topic.topicId(), topic.topic(), bytes, name -> metrics.topic(name)::sent);
            }
        }
    }

    private interface Counter {
        LongConsumer of(String topic);
    }

    /** Newer versions of the requests carry only the topic's id, older ones only its name. */
    private void withTopic(Uuid id, String name, long bytes, Counter counter) {
        if (bytes > 0) {
            var image = metadata.current();
            (id.equals(Uuid.ZERO_UUID) ? image.topic(name) : image.topic(id))
                    .map(TopicState::name)
                    .ifPresent(known -> counter.of(known).accept(bytes));
        }
    }
}
