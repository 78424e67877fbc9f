package io.penstock.benchmarks.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.benchmarks.cluster.Cluster;
import io.penstock.benchmarks.cluster.Node;
import io.penstock.benchmarks.load.ClientArguments;
import io.penstock.benchmarks.load.ClientJvm;
import io.penstock.benchmarks.load.Load;
import io.penstock.benchmarks.load.MetadataProbe;
import io.penstock.benchmarks.load.PerformanceTools;
import io.penstock.benchmarks.measure.Meter;

import org.apache.kafka.clients.admin.NewTopic;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * What a scenario works with in one run: a cluster, and sizes that a smoke run makes small.
 *
 * @param scalePercent of all records, seconds and partitions
 * @param run names the topics of this run
 * @param waitingSides processes of the other sides' clusters, idle meanwhile
 */
public record Arena(
        Cluster cluster,
        int scalePercent,
        String run,
        Duration limit,
        Supplier<List<Meter.Watched>> waitingSides) {

    /** At least the given least. */
    public int scaled(int full, int least) {
        return Math.max(least, (int) ((long) full * scalePercent / 100));
    }

    public Load scaled(Load load) {
        return load.records(scaled(load.records(), 2000));
    }

    /**
     * Begins when the side is quiet, or after some seconds: what it does for topics that were made
     * or deleted before belongs to no measurement.
     */
    public Meter startMeter() throws InterruptedException {
        Meter.awaitQuiet(cluster::watched);
        return Meter.start(cluster::watched, waitingSides);
    }

    public PerformanceTools tools() {
        return new PerformanceTools(cluster.clientFile(), cluster.plan().clientServers(), limit);
    }

    /**
     * A new topic of this run, replicated as the cluster allows, with leaders for all partitions.
     */
    public String topic(String purpose, Load load)
            throws ExecutionException, InterruptedException, TimeoutException, IOException {
        return topic(purpose, load, cluster.plan().shape().replicationFactor());
    }

    public String topic(String purpose, Load load, short replicationFactor)
            throws ExecutionException, InterruptedException, TimeoutException, IOException {
        String name = run + "-" + purpose;
        cluster.createTopic(
                new NewTopic(name, load.partitions(), replicationFactor).configs(load.topic()));
        PartitionServing.await(cluster, name, load.partitions(), limit);
        return name;
    }

    public ClientArguments client(String topic) {
        return new ClientArguments(cluster.clientFile(), cluster.plan().clientServers(), topic);
    }

    public JsonNode runClient(Class<?> client, ClientArguments arguments)
            throws IOException, InterruptedException {
        return ClientJvm.run(client, arguments, limit);
    }

    /** Of one broker. */
    public MetadataProbe probe(Node broker) {
        return new MetadataProbe(cluster.plan().address(), broker.plan().port());
    }
}
