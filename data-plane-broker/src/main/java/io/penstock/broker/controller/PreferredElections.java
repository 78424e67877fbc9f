package io.penstock.broker.controller;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * When leaders go back to the first of their replicas by themselves.
 *
 * @param interval time between two looks; empty when it is left to the operator
 * @param tolerated part of its partitions, in percent, that a broker may not lead without that
 *     anything is done
 */
record PreferredElections(Optional<Duration> interval, int tolerated) {

    static PreferredElections of(Map<String, String> brokerProperties) {
        boolean enabled =
                Boolean.parseBoolean(
                        brokerProperties
                                .getOrDefault("auto.leader.rebalance.enable", "true")
                                .trim());
        String seconds =
                brokerProperties.getOrDefault("leader.imbalance.check.interval.seconds", "300");
        String percent =
                brokerProperties.getOrDefault("leader.imbalance.per.broker.percentage", "10");
        return new PreferredElections(
                enabled
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds.trim())))
                        : Optional.empty(),
                Integer.parseInt(percent.trim()));
    }

    /**
     * @param elsewhere partitions that prefer the broker and are led by another, or by none
     * @param preferring partitions that prefer the broker
     */
    boolean isDue(int elsewhere, int preferring) {
        return 100L * elsewhere > (long) tolerated * preferring;
    }
}
