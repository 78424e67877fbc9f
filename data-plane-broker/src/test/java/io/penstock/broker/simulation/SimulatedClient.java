package io.penstock.broker.simulation;

import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.TopicIdPartition;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A client's process: asks any broker who leads, and keeps a connection to each. */
final class SimulatedClient {

    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final String host;
    private final SimulatedCluster cluster;
    private final SimulatedProcess process;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final Map<Integer, SimulatedConnection> connections = new HashMap<>();

    SimulatedClient(String host, SimulatedCluster cluster, SplittableRandom random) {
        this.host = host;
        this.cluster = cluster;
        this.random = random;
        this.process = new SimulatedProcess(host, cluster.time(), random.split());
        this.scheduler = process.scheduler("client");
    }

    Scheduler scheduler() {
        return scheduler;
    }

    SplittableRandom random() {
        return random;
    }

    /** The partition's state as some broker knows it, perhaps an old one. */
    CompletableFuture<Optional<PartitionState>> describe(TopicIdPartition partition) {
        int any = random.nextInt(cluster.machines().size());
        return ask(
                any,
                broker ->
                        CompletableFuture.completedFuture(
                                PartitionStates.of(broker.image(), partition)));
    }

    /** Fails when the broker does not answer in time, whatever it has done. */
    <T> CompletableFuture<T> ask(int broker, Function<SimulatedBroker, CompletionStage<T>> what) {
        CompletableFuture<T> answer =
                connection(broker)
                        .thenCompose(
                                open ->
                                        open.callInOrder(
                                                () ->
                                                        what.apply(
                                                                cluster.broker(broker)
                                                                        .orElseThrow())));
        return scheduler
                .limit(answer, LIMIT)
                .whenComplete(
                        (done, failure) -> {
                            if (failure != null) {
                                disconnect(broker);
                            }
                        });
    }

    private CompletableFuture<SimulatedConnection> connection(int broker) {
        SimulatedConnection open = connections.get(broker);
        if (open != null && open.isOpen()) {
            return CompletableFuture.completedFuture(open);
        }
        return cluster.network()
                .connect(process, host, cluster.machines().get(broker).host())
                .thenApply(
                        opened -> {
                            connections.put(broker, opened);
                            return opened;
                        });
    }

    private void disconnect(int broker) {
        SimulatedConnection open = connections.remove(broker);
        if (open != null) {
            open.close();
        }
    }
}
