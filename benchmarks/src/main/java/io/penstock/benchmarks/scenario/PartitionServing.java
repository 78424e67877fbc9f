package io.penstock.benchmarks.scenario;

import io.penstock.benchmarks.cluster.Cluster;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether leaders not only are named in the metadata, but answer for their partitions. */
final class PartitionServing {

    private static final int ANSWER_SECONDS = 60;

    private PartitionServing() {}

    /** Milliseconds until every partition's leader has told its end offset. */
    static double await(Cluster cluster, String topic, int partitions, Duration limit)
            throws InterruptedException, IOException {
        Map<TopicPartition, OffsetSpec> ends =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .collect(
                                Collectors.toMap(
                                        Function.identity(), ignored -> OffsetSpec.latest()));
        long start = System.nanoTime();
        try (Admin admin = cluster.admin()) {
            while (System.nanoTime() - start < limit.toNanos()) {
                try {
                    admin.listOffsets(ends).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
                    return (System.nanoTime() - start) / 1e6;
                } catch (ExecutionException | TimeoutException e) {
                    Thread.sleep(20);
                }
            }
        }
        throw new IOException("Not all partitions of " + topic + " were served in time");
    }
}
