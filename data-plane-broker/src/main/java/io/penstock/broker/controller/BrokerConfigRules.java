package io.penstock.broker.controller;

import io.penstock.broker.config.TopicConfigDefinition;
import io.penstock.broker.config.TopicConfigDefinitions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which broker properties may be altered while the broker runs: those that are a topic
 * configuration's default, and the rates to which a reassignment's copying is throttled (KIP-73).
 */
final class BrokerConfigRules {

    private BrokerConfigRules() {}

    /** What the controller and all brokers must see alike is not for one broker to change. */
    private static final Set<String> FOR_ALL_BROKERS_ONLY =
            Set.of(ElectionRules.MIN_IN_SYNC, ElectionRules.UNCLEAN_ELECTION);

    private static final Set<String> THROTTLED_RATES =
            Set.of("leader.replication.throttled.rate", "follower.replication.throttled.rate");

    /**
     * @param broker empty when the values are for all brokers
     */
    static List<String> problems(String broker, Map<String, String> values) {
        List<String> problems = new ArrayList<>();
        values.keySet().stream()
                .filter(name -> !broker.isEmpty() && FOR_ALL_BROKERS_ONLY.contains(name))
                .map(name -> name + " can be set for all brokers only, not for " + broker)
                .forEach(problems::add);
        values.forEach((name, value) -> problem(name, value).ifPresent(problems::add));
        return problems;
    }

    private static Optional<String> problem(String name, String value) {
        if (THROTTLED_RATES.contains(name)) {
            return value.matches("[0-9]{1,18}")
                    ? Optional.empty()
                    : Optional.of(name + "=" + value + " is no number of bytes per second");
        }
        for (TopicConfigDefinition definition : TopicConfigDefinitions.all()) {
            for (TopicConfigDefinition.BrokerSynonym synonym : definition.brokerSynonyms()) {
                if (synonym.name().equals(name)) {
                    return definition.problem(value);
                }
            }
        }
        return Optional.of(name + " cannot be altered while the broker runs");
    }
}
