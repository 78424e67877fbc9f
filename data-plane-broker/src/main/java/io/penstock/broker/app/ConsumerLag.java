package io.penstock.broker.app;

import io.penstock.broker.group.GroupProgress;
import io.penstock.broker.group.GroupProgress.Committed;
import io.penstock.broker.log.LogSlice;
import io.penstock.broker.log.RecordBatchHeader;
import io.penstock.broker.metrics.OpenMetrics;
import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partition.Isolation;
import io.penstock.broker.replication.Partitions;
import io.penstock.broker.replication.ReadResult;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far groups are behind, by group and topic, as Amazon MSK's open monitoring tells it. Told by
 * a group's coordinator, of partitions that have a replica there: a follower's high watermark is as
 * good as the leader's, but for a moment.
 */
final class ConsumerLag {

    private static final String NAME = "kafka_consumer_group_ConsumerLagMetrics_Value";
    private static final String HELP =
            "Records (SumOffsetLag, MaxOffsetLag) or seconds (EstimatedMaxTimeLag) that the group"
                    + " is behind.";

    private final Partitions partitions;

    private record GroupTopic(String group, String topic) implements Comparable<GroupTopic> {
        @Override
        public int compareTo(GroupTopic other) {
            int byGroup = group.compareTo(other.group);
            return byGroup != 0 ? byGroup : topic.compareTo(other.topic);
        }
    }

    private record Lag(long sum, long largest, double seconds) {
        Lag and(Lag other) {
            return new Lag(
                    sum + other.sum,
                    Math.max(largest, other.largest),
                    Math.max(seconds, other.seconds));
        }
    }

    ConsumerLag(Partitions partitions) {
        this.partitions = partitions;
    }

    void write(OpenMetrics target, GroupProgress progress, long nowMillis) {
        Map<GroupTopic, Lag> lags = new TreeMap<>();
        for (Committed committed : progress.committed()) {
            partitions
                    .find(committed.partition())
                    .filter(partition -> partition.isLeader() || partition.isFollower())
                    .ifPresent(
                            partition ->
                                    lags.merge(
                                            new GroupTopic(
                                                    committed.group(),
                                                    committed.partition().topic()),
                                            of(partition, committed.offset(), nowMillis),
                                            Lag::and));
        }
        lags.forEach(
                (of, lag) -> {
                    sample(target, of, "SumOffsetLag", lag.sum());
                    sample(target, of, "MaxOffsetLag", lag.largest());
                    sample(target, of, "EstimatedMaxTimeLag", lag.seconds());
                });
    }

    private static void sample(OpenMetrics target, GroupTopic of, String name, double value) {
        target.gauge(NAME, HELP, value, "groupId", of.group(), "topic", of.topic(), "name", name);
    }

    private static Lag of(Partition partition, long committed, long nowMillis) {
        long records = Math.max(0, partition.highWatermark() - committed);
        double seconds = records == 0 ? 0 : secondsSince(partition, committed, nowMillis);
        return new Lag(records, records, seconds);
    }

    /** Since the timestamp of the batch that the group has to read next. */
    private static double secondsSince(Partition partition, long offset, long nowMillis) {
        long from = Math.max(offset, partition.logStartOffset());
        ReadResult found =
                partition.read(from, -1, RecordBatchHeader.SIZE, false, Isolation.READ_UNCOMMITTED);
        if (!(found instanceof ReadResult.Records read) || read.records() == null) {
            return 0;
        }
        LogSlice slice = read.records();
        try {
            if (slice.size() < RecordBatchHeader.SIZE) {
                return 0;
            }
            ByteBuffer header = ByteBuffer.allocate(RecordBatchHeader.SIZE);
            slice.readInto(header);
            long timestamp = RecordBatchHeader.maxTimestamp(header, 0);
            return timestamp < 0 ? 0 : Math.max(0, nowMillis - timestamp) / 1000.0;
        } finally {
            slice.release();
        }
    }
}
