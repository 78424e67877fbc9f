package io.penstock.benchmarks;

import io.penstock.benchmarks.cluster.Cluster;
import io.penstock.benchmarks.cluster.Side;
import io.penstock.benchmarks.measure.Meter;
import io.penstock.benchmarks.scenario.Scenario;
import io.penstock.benchmarks.scenario.Scenario.Lifecycle;

import java.io.IOException;
import java.util.List;

/** One side during one scenario: its cluster, made when it is needed. */
final class Contender implements AutoCloseable {

    private final Side side;
    private final Scenario scenario;
    private volatile Cluster cluster;
    private boolean warm;

    Contender(Side side, Scenario scenario) {
        this.side = side;
        this.scenario = scenario;
    }

    Side side() {
        return side;
    }

    boolean isWarm() {
        return warm;
    }

    void warmedUp() {
        warm = true;
    }

    List<Meter.Watched> watched() {
        Cluster current = cluster;
        return current == null ? List.of() : current.watched();
    }

    /** As the scenario wants to find it. */
    Cluster cluster() throws Exception {
        boolean usable =
                cluster != null
                        && scenario.description().lifecycle() == Lifecycle.KEPT
                        && cluster.watched().size() == cluster.nodes().size();
        if (usable) {
            return cluster;
        }
        close();
        Cluster fresh = new Cluster(side, side.plan(scenario.description().shape()));
        cluster = fresh;
        fresh.prepare();
        if (scenario.description().lifecycle() != Lifecycle.UNSTARTED) {
            fresh.start();
        }
        return fresh;
    }

    /** After a failure nothing is kept, and after a round only what serves the next. */
    void roundEnded(boolean failed) throws IOException, InterruptedException {
        if (failed || scenario.description().lifecycle() != Lifecycle.KEPT) {
            close();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        warm = false;
        Cluster ended = cluster;
        cluster = null;
        if (ended != null) {
            ended.close();
        }
    }
}
