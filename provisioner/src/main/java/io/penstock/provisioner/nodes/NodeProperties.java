package io.penstock.provisioner.nodes;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration that a node gets when it enrols, by property name. The node replaces {@code
 * ${data}} and {@code ${identity}} in the values by its own folders.
 */
public final class NodeProperties {
    /** The id of a ZooKeeper node, which it writes to the file {@code myid} in its data folder. */
    public static final String ZOOKEEPER_MYID = "penstock.zookeeper.myid";

    private static final String KEY_STORE = "${identity}/keystore.pem";
    private static final String TRUST_STORE = "${identity}/ca.pem";
    private static final String TLS_VERSIONS = "TLSv1.3,TLSv1.2";

    /** With two of them in sync, one broker may be away and another fail without a loss. */
    private static final int DEFAULT_REPLICAS = 3;

    private NodeProperties() {}

    /** The properties of the node of this name, whatever its role. */
    public static Map<String, String> of(ClusterLayout layout, String nodeName) {
        NodePlacement node = layout.node(nodeName);
        return switch (node.role()) {
            case BROKER -> forBroker(layout, node);
            case ZOOKEEPER -> forZooKeeper(layout, node);
        };
    }

    /** Kafka's property names, our own with the prefix {@code penstock.}; sorted by name. */
    public static Map<String, String> forBroker(ClusterLayout layout, NodePlacement broker) {
        String listeners =
                "CLIENT://%1$s:%2$d,INTERNAL://%1$s:%3$d"
                        .formatted(broker.address(), NodePorts.CLIENT, NodePorts.INTERNAL);
        Map<String, String> properties = new TreeMap<>();
        properties.put("broker.id", Integer.toString(broker.nodeId()));
        properties.put("broker.rack", broker.zone());
        properties.put("log.dirs", "${data}/logs");

        properties.put("listeners", listeners);
        properties.put("advertised.listeners", listeners);
        properties.put("listener.security.protocol.map", "CLIENT:SASL_SSL,INTERNAL:SSL");
        properties.put("inter.broker.listener.name", "INTERNAL");
        properties.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        properties.put("ssl.client.auth", "none");
        properties.put("listener.name.internal.ssl.client.auth", "required");
        properties.put("ssl.enabled.protocols", TLS_VERSIONS);
        properties.put("ssl.endpoint.identification.algorithm", "https");
        properties.put("ssl.keystore.type", "PEM");
        properties.put("ssl.keystore.location", KEY_STORE);
        properties.put("ssl.truststore.type", "PEM");
        properties.put("ssl.truststore.location", TRUST_STORE);
        properties.put(
                "ssl.principal.mapping.rules",
                "RULE:^CN=[^,]+,OU=(broker|control-plane),.*$/OU=$1/,DEFAULT");

        properties.put("authorizer.class.name", "io.penstock.broker.security.AclAuthorizer");
        properties.put("super.users", "User:OU=broker;User:OU=control-plane");
        properties.put("allow.everyone.if.no.acl.found", "false");

        properties.put("zookeeper.connect", layout.zooKeeperConnect());
        properties.put("zookeeper.session.timeout.ms", "6000");
        properties.put("zookeeper.clientCnxnSocket", "org.apache.zookeeper.ClientCnxnSocketNetty");
        properties.put("zookeeper.ssl.client.enable", "true");
        properties.put("zookeeper.ssl.keystore.type", "PEM");
        properties.put("zookeeper.ssl.keystore.location", KEY_STORE);
        properties.put("zookeeper.ssl.truststore.type", "PEM");
        properties.put("zookeeper.ssl.truststore.location", TRUST_STORE);

        int replicas = Math.min(DEFAULT_REPLICAS, layout.brokers().size());
        String minimumInSync = Integer.toString(replicas == DEFAULT_REPLICAS ? 2 : 1);
        properties.put("default.replication.factor", Integer.toString(replicas));
        properties.put("min.insync.replicas", minimumInSync);
        properties.put("offsets.topic.replication.factor", Integer.toString(replicas));
        properties.put("transaction.state.log.replication.factor", Integer.toString(replicas));
        properties.put("transaction.state.log.min.isr", minimumInSync);
        properties.put("auto.create.topics.enable", "false");

        properties.put(
                "penstock.management.listener", broker.address() + ":" + NodePorts.MANAGEMENT);
        return Collections.unmodifiableMap(properties);
    }

    /**
     * The property names of {@code zoo.cfg}, our own with the prefix {@code penstock.}; sorted by
     * name.
     */
    public static Map<String, String> forZooKeeper(ClusterLayout layout, NodePlacement node) {
        Map<String, String> properties = new TreeMap<>();
        properties.put(ZOOKEEPER_MYID, Integer.toString(node.nodeId()));
        properties.put("dataDir", "${data}/zookeeper");
        // Sessions expire by whole ticks: with short ones a broker that hangs is replaced sooner.
        properties.put("tickTime", "500");
        properties.put("maxSessionTimeout", "40000");
        properties.put("initLimit", "40");
        properties.put("syncLimit", "20");
        properties.put("autopurge.snapRetainCount", "3");
        properties.put("autopurge.purgeInterval", "1");
        properties.put("admin.enableServer", "false");

        properties.put("serverCnxnFactory", "org.apache.zookeeper.server.NettyServerCnxnFactory");
        properties.put("secureClientPort", Integer.toString(NodePorts.ZOOKEEPER_CLIENT));
        properties.put("secureClientPortAddress", node.address());
        properties.put("ssl.clientAuth", "need");
        properties.put("sslQuorum", "true");
        for (String prefix : new String[] {"ssl.", "ssl.quorum."}) {
            properties.put(prefix + "keyStore.type", "PEM");
            properties.put(prefix + "keyStore.location", KEY_STORE);
            properties.put(prefix + "trustStore.type", "PEM");
            properties.put(prefix + "trustStore.location", TRUST_STORE);
            properties.put(prefix + "enabledProtocols", TLS_VERSIONS);
        }

        properties.put("standaloneEnabled", "true");
        if (layout.zooKeeperNodes().size() > 1) {
            for (NodePlacement member : layout.zooKeeperNodes()) {
                properties.put(
                        "server." + member.nodeId(),
                        "%s:%d:%d"
                                .formatted(
                                        member.address(),
                                        NodePorts.ZOOKEEPER_QUORUM,
                                        NodePorts.ZOOKEEPER_ELECTION));
            }
        }
        properties.put("penstock.management.listener", node.address() + ":" + NodePorts.MANAGEMENT);
        return Collections.unmodifiableMap(properties);
    }
}
