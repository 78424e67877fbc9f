package io.penstock.systemtests.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The epochs in which brokers were registered. A process that nobody takes for dead keeps its first
 * one; each other was given to it after it had been fenced, or its session had ended.
 */
final class Registrations {
    private final List<Node> brokers;
    private final Map<Node, Set<Long>> epochs = new HashMap<>();

    Registrations(List<Node> brokers) {
        this.brokers = List.copyOf(brokers);
        awaitAll(Limits.START);
    }

    /** Takes note of what those say that answer. */
    void look() {
        brokers.forEach(this::looksAt);
    }

    /** Waits until each has answered once more. */
    void awaitAll(Duration limit) {
        for (var broker : brokers) {
            await(broker.name() + " says in which epoch it is registered")
                    .atMost(limit)
                    .until(() -> looksAt(broker));
        }
    }

    private boolean looksAt(Node broker) {
        var epoch =
                broker.health().map(health -> health.path("broker_epoch")).map(JsonNode::asLong);
        epoch.ifPresent(seen -> epochs.computeIfAbsent(broker, node -> new HashSet<>()).add(seen));
        return epoch.isPresent();
    }

    /** How often a registration was lost. */
    int lost() {
        return epochs.values().stream().mapToInt(seen -> seen.size() - 1).sum();
    }
}
