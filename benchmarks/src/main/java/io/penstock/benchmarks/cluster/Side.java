package io.penstock.benchmarks.cluster;

import org.apache.kafka.clients.admin.Admin;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** One of the opponents: knows how its clusters are started, and nothing of what is measured. */
public interface Side {

    String name();

    /** What runs, with version and what was tuned: goes into the results. */
    String describes();

    ClusterPlan plan(ClusterShape shape);

    /** Brings what is missing on this machine; the first time it may download. */
    void provide() throws IOException, InterruptedException;

    /** Makes the empty data directories that the nodes start on. */
    void format(ClusterPlan plan) throws IOException, InterruptedException;

    /** The node that decides elections now, among brokers or controllers. */
    int controller(Admin admin) throws ExecutionException, TimeoutException, InterruptedException;

    /** How long a killed broker's name stays taken, so that a restart before that would fail. */
    default Duration waitAfterKill() {
        return Duration.ZERO;
    }
}
