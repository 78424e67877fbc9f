package io.penstock.broker.config;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Properties that topics, the controller and the group coordinator take by name from a map. */
final class TakenFromTheMap {

    private static final List<String> GROUP_COORDINATOR = List.of("group.", "offsets.");
    private static final Set<String> CONTROLLER =
            Set.of(
                    "num.partitions",
                    "default.replication.factor",
                    "auto.leader.rebalance.enable",
                    "leader.imbalance.check.interval.seconds",
                    "leader.imbalance.per.broker.percentage");

    /** Asked for by connections, and so perhaps not before the first one comes. */
    private static final Set<String> CONNECTIONS =
            Set.of("connection.failed.authentication.delay.ms", "sasl.server.max.receive.size");

    private static final Set<String> TOPICS =
            TopicConfigDefinitions.all().stream()
                    .flatMap(definition -> definition.brokerSynonyms().stream())
                    .map(TopicConfigDefinition.BrokerSynonym::name)
                    .collect(Collectors.toUnmodifiableSet());

    private TakenFromTheMap() {}

    static boolean contains(String name) {
        return GROUP_COORDINATOR.stream().anyMatch(name::startsWith)
                || CONTROLLER.contains(name)
                || CONNECTIONS.contains(name)
                || TOPICS.contains(name);
    }
}
