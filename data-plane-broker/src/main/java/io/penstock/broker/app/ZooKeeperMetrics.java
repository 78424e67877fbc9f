package io.penstock.broker.app;

import io.penstock.broker.metrics.OpenMetrics;

import org.apache.zookeeper.server.ServerStats;
import org.apache.zookeeper.server.ZooKeeperServer;

import java.util.Optional;

/** A ZooKeeper server's figures. */
final class ZooKeeperMetrics {

    private ZooKeeperMetrics() {}

    static String text(boolean isServing, Optional<ZooKeeperServer> server) {
        OpenMetrics metrics = new OpenMetrics();
        metrics.gauge(
                "penstock_zookeeper_serving",
                "Whether the server is part of a quorum that answers.",
                isServing ? 1 : 0);
        server.ifPresent(running -> add(metrics, running));
        return metrics.text();
    }

    private static void add(OpenMetrics metrics, ZooKeeperServer server) {
        ServerStats statistics = server.serverStats();
        metrics.gauge(
                "penstock_zookeeper_connections",
                "Open client connections.",
                server.getNumAliveConnections());
        metrics.gauge(
                "penstock_zookeeper_outstanding_requests",
                "Requests that wait for an answer.",
                statistics.getOutstandingRequests());
        metrics.counter(
                "penstock_zookeeper_packets_received",
                "Requests received.",
                statistics.getPacketsReceived());
        metrics.counter(
                "penstock_zookeeper_packets_sent",
                "Answers and events sent.",
                statistics.getPacketsSent());
        metrics.gauge(
                "penstock_zookeeper_latency_average_milliseconds",
                "Time to answer a request, on average.",
                statistics.getAvgLatency());
        metrics.gauge(
                "penstock_zookeeper_znodes",
                "Nodes of the tree.",
                server.getZKDatabase().getNodeCount());
        metrics.gauge(
                "penstock_zookeeper_tree_bytes",
                "Approximate size of the tree.",
                server.getZKDatabase().getDataTree().cachedApproximateDataSize());
        metrics.counter(
                "penstock_zookeeper_slow_fsyncs",
                "Writes of the log that took longer than the threshold.",
                statistics.getFsyncThresholdExceedCount());
    }
}
