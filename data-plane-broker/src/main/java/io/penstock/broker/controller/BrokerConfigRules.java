package io.penstock.broker.controller;

import io.penstock.broker.config.TopicConfigDefinition;
import io.penstock.broker.config.TopicConfigDefinitions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which broker properties may be altered while the broker runs: those that are a topic
 * configuration's default.
 */
final class BrokerConfigRules {

    private BrokerConfigRules() {}

    static List<String> problems(Map<String, String> values) {
        List<String> problems = new ArrayList<>();
        values.forEach((name, value) -> problem(name, value).ifPresent(problems::add));
        return problems;
    }

    private static Optional<String> problem(String name, String value) {
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
