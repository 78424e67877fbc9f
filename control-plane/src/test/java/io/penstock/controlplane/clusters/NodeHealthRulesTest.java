package io.penstock.controlplane.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.controlplane.platform.NodeReport;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

class NodeHealthRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void aServingBrokerIsHealthyAndTellsWhatItHolds() {
        var node = seen(NodeRole.BROKER, 0, broker(true, "RUNNING", 0, 0));

        assertThat(node.state).isEqualTo(NodeState.RUNNING);
        assertThat(node.health).isEqualTo(Health.HEALTHY);
        assertThat(node.leaders).isEqualTo(3);
        assertThat(node.partitions).isEqualTo(9);
        assertThat(node.controller).isTrue();
        assertThat(node.seenAt).isEqualTo(NOW);
    }

    @Test
    void aBrokerWithPartitionsInTroubleIsDegradedAndOneThatDoesNotServeUnavailable() {
        assertThat(seen(NodeRole.BROKER, 0, broker(true, "RUNNING", 1, 0)).health)
                .isEqualTo(Health.DEGRADED);
        assertThat(seen(NodeRole.BROKER, 0, broker(true, "RUNNING", 0, 2)).health)
                .isEqualTo(Health.DEGRADED);
        var starting = seen(NodeRole.BROKER, 0, broker(false, "STARTING", 0, 0));
        assertThat(starting.health).isEqualTo(Health.UNAVAILABLE);
        assertThat(starting.state).isEqualTo(NodeState.STARTING);
    }

    @Test
    void theLeaderOfTheQuorumIsItsController() {
        assertThat(seen(NodeRole.ZOOKEEPER, 1, zookeeper(true, "leader")).controller).isTrue();
        assertThat(seen(NodeRole.ZOOKEEPER, 1, zookeeper(true, "standalone")).controller).isTrue();
        assertThat(seen(NodeRole.ZOOKEEPER, 1, zookeeper(true, "follower")).controller).isFalse();
        assertThat(seen(NodeRole.ZOOKEEPER, 1, zookeeper(false, "leader")).controller).isFalse();
    }

    @Test
    void silenceMeansUnreachableOnlyAfterAFirstAnswer() {
        var never = node(NodeRole.BROKER, 0);
        NodeHealthRules.apply(new NodeReport.Unreachable("refused"), never, NOW);
        assertThat(never.state).isEqualTo(NodeState.PENDING);
        assertThat(never.health).isEqualTo(Health.UNKNOWN);

        var once = seen(NodeRole.BROKER, 0, broker(true, "RUNNING", 0, 0));
        NodeHealthRules.apply(new NodeReport.Unreachable("refused"), once, NOW.plusSeconds(3));
        assertThat(once.state).isEqualTo(NodeState.UNREACHABLE);
        assertThat(once.health).isEqualTo(Health.UNAVAILABLE);
        assertThat(once.controller).isFalse();
        assertThat(once.seenAt).isEqualTo(NOW);
    }

    @Test
    void aClusterIsHealthyWhenEveryNodeIs() {
        var verdict =
                NodeHealthRules.judge(
                        cluster(
                                List.of(Health.HEALTHY, Health.HEALTHY),
                                List.of(Health.HEALTHY, Health.HEALTHY, Health.HEALTHY)));

        assertThat(verdict).isEqualTo(new NodeHealthRules.Verdict(Health.HEALTHY, null));
    }

    @Test
    void aClusterIsUnknownBeforeAnyNodeAnswered() {
        assertThat(
                        NodeHealthRules.judge(
                                        cluster(List.of(Health.UNKNOWN), List.of(Health.UNKNOWN)))
                                .health())
                .isEqualTo(Health.UNKNOWN);
    }

    @Test
    void oneLostNodeDegradesAndIsNamed() {
        var verdict =
                NodeHealthRules.judge(
                        cluster(
                                List.of(Health.HEALTHY, Health.UNAVAILABLE),
                                List.of(Health.HEALTHY, Health.HEALTHY, Health.HEALTHY)));

        assertThat(verdict.health()).isEqualTo(Health.DEGRADED);
        assertThat(verdict.detail()).contains("broker-1").doesNotContain("broker-0");
    }

    @Test
    void noBrokerOrNoQuorumIsUnavailable() {
        assertThat(
                        NodeHealthRules.judge(
                                        cluster(
                                                List.of(Health.UNAVAILABLE),
                                                List.of(Health.HEALTHY)))
                                .health())
                .isEqualTo(Health.UNAVAILABLE);
        assertThat(
                        NodeHealthRules.judge(
                                        cluster(
                                                List.of(Health.HEALTHY),
                                                List.of(
                                                        Health.HEALTHY,
                                                        Health.UNAVAILABLE,
                                                        Health.UNAVAILABLE)))
                                .health())
                .isEqualTo(Health.UNAVAILABLE);
    }

    private static List<Node> cluster(List<Health> brokers, List<Health> zookeepers) {
        return Stream.concat(
                        nodes(NodeRole.BROKER, 0, brokers),
                        nodes(NodeRole.ZOOKEEPER, 1, zookeepers))
                .toList();
    }

    private static Stream<Node> nodes(NodeRole role, int firstId, List<Health> healths) {
        return Stream.iterate(0, index -> index < healths.size(), index -> index + 1)
                .map(
                        index -> {
                            var node = node(role, firstId + index);
                            node.health = healths.get(index);
                            return node.view();
                        });
    }

    private static NodeEntity seen(NodeRole role, int id, NodeReport report) {
        var node = node(role, id);
        NodeHealthRules.apply(report, node, NOW);
        return node;
    }

    private static NodeEntity node(NodeRole role, int id) {
        var node = new NodeEntity();
        node.name = (role == NodeRole.BROKER ? "broker-" : "zookeeper-") + id;
        node.role = role;
        node.nodeId = id;
        return node;
    }

    private static NodeReport broker(
            boolean serving, String state, int offline, int underReplicated) {
        return new NodeReport.Broker(
                serving, state, "0.1.0", true, 3, 3, 9, offline, underReplicated);
    }

    private static NodeReport zookeeper(boolean serving, String mode) {
        return new NodeReport.ZooKeeper(serving, "RUNNING", "0.1.0", mode);
    }
}
