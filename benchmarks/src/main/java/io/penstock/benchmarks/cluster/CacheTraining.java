package io.penstock.benchmarks.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Trains a peer's AOT cache (JEP 514): one start, a topic, and a controlled stop that writes it.
 */
final class CacheTraining {

    private CacheTraining() {}

    static void run(ClusterPlan plan, Side side, Path cache)
            throws IOException, InterruptedException {
        try (Cluster cluster = new Cluster(side, plan)) {
            cluster.prepare();
            cluster.start();
            cluster.createTopic("training", 10, (short) 1);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("The AOT cache of " + side.name() + " could not be trained", e);
        }
        if (!Files.exists(cache)) {
            throw new IOException("The AOT cache of " + side.name() + " was not written");
        }
    }
}
