package io.penstock.provisioner.kafka;

import java.util.SortedSet;

/**
 * The brokers that the cluster reports as alive.
 *
 * @param controllerId −1 when there is none
 */
public record ClusterMembers(
        String kafkaClusterId, int controllerId, SortedSet<Integer> brokerIds) {}
