package io.penstock.broker.app;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.TopicState;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a broker's newest image and its own state say about its health. */
final class BrokerHealth {

    private static final int NONE = -1;

    private BrokerHealth() {}

    /**
     * @param isController whether this broker is the active controller
     * @param uptimeMillis since the process began to start
     */
    static Health of(
            int brokerId,
            String version,
            Health.State state,
            ClusterImage image,
            boolean isController,
            long uptimeMillis) {
        BrokerRegistration own = image.brokers().get(brokerId);
        boolean isServing = state == Health.State.RUNNING && own != null && !own.fenced();
        List<PartitionState> partitions =
                image.topics().values().stream()
                        .map(TopicState::partitions)
                        .flatMap(List::stream)
                        .toList();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("role", "broker");
        report.put("node_id", brokerId);
        report.put("version", version);
        report.put("state", state.name());
        report.put("broker_epoch", own == null ? NONE : own.epoch());
        report.put("controller", isController);
        report.put("controller_id", image.controller().orElse(NONE));
        report.put(
                "brokers",
                image.brokers().values().stream().filter(broker -> !broker.fenced()).count());
        report.put(
                "partitions",
                partitions.stream().filter(p -> p.replicas().contains(brokerId)).count());
        report.put("leaders", partitions.stream().filter(p -> p.leader() == brokerId).count());
        report.put("offline_partitions", partitions.stream().filter(p -> !p.hasLeader()).count());
        report.put(
                "under_replicated_partitions",
                partitions.stream()
                        .filter(p -> p.leader() == brokerId)
                        .filter(p -> p.inSync().size() < p.replicas().size())
                        .count());
        report.put("uptime_ms", uptimeMillis);
        return new Health(isServing, report);
    }
}
