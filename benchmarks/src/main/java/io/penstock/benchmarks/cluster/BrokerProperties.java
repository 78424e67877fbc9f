package io.penstock.benchmarks.cluster;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The properties that every side's brokers share: Kafka's distributed defaults, with replication as
 * a production cluster has it.
 */
final class BrokerProperties {

    private BrokerProperties() {}

    static Map<String, String> of(
            ClusterShape shape, String address, int id, Path data, TlsMaterial tls) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("log.dirs", data.toString());
        properties.put("num.network.threads", "3");
        properties.put("num.io.threads", "8");
        properties.put("log.segment.bytes", "1073741824");
        properties.put("log.segment.delete.delay.ms", "1000");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("auto.create.topics.enable", "false");
        properties.put("offsets.topic.replication.factor", "" + shape.replicationFactor());
        properties.put("transaction.state.log.replication.factor", "" + shape.replicationFactor());
        properties.put("transaction.state.log.min.isr", "" + shape.minimumInSyncReplicas());
        properties.put("min.insync.replicas", "" + shape.minimumInSyncReplicas());
        properties.put("listeners", listeners(shape, address, id));
        properties.put(
                "listener.security.protocol.map",
                shape.secured()
                        ? "INTERNAL:SSL,CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT"
                        : "INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("inter.broker.listener.name", "INTERNAL");
        if (shape.secured()) {
            properties.put("listener.name.internal.ssl.client.auth", "required");
            properties.put("sasl.enabled.mechanisms", TlsMaterial.MECHANISM);
            properties.put(
                    "listener.name.client.scram-sha-512.sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;");
            properties.putAll(tls.brokerProperties());
        }
        return properties;
    }

    static String listeners(ClusterShape shape, String address, int id) {
        String internal = "INTERNAL://" + address + ":" + (ClusterPlan.INTERNAL_PORT + id);
        return shape.secured()
                ? internal + ",CLIENT://" + address + ":" + (ClusterPlan.CLIENT_PORT + id)
                : internal;
    }

    static String text(Map<String, String> properties) {
        return properties.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
