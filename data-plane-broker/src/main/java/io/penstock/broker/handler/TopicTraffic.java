package io.penstock.broker.handler;

import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.protocol.FetchedRecords;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/** Counts the bytes that consumers get, by topic; of none that does not exist any more. */
final class TopicTraffic {

    private final MetadataCache metadata;
    private final TrafficMetrics metrics;

    TopicTraffic(MetadataCache metadata, TrafficMetrics metrics) {
        this.metadata = metadata;
        this.metrics = metrics;
    }

    void countResponse(ApiMessage response) {
        if (response instanceof FetchResponseData fetch) {
            for (var topic : fetch.responses()) {
                long bytes = topic.partitions().stream().mapToLong(FetchedRecords::sizeOf).sum();
                count(topic.topicId(), topic.topic(), bytes);
            }
        }
    }

    /** Newer versions of the requests carry only the topic's id, older ones only its name. */
    private void count(Uuid id, String name, long bytes) {
        if (bytes > 0) {
            var image = metadata.current();
            (id.equals(Uuid.ZERO_UUID) ? image.topic(name) : image.topic(id))
                    .map(TopicState::name)
                    .ifPresent(known -> metrics.topic(known).sent(bytes));
        }
    }
}
