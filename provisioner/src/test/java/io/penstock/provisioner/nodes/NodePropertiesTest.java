package io.penstock.provisioner.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class NodePropertiesTest {
    private static final ClusterLayout THREE =
            new ClusterLayout(
                    "clu_1",
                    "127.77.0.0/26",
                    List.of(zooKeeper(1), zooKeeper(2), zooKeeper(3)),
                    List.of(broker(0), broker(1), broker(2)));

    @Test
    void aBrokersPropertiesAreExactlyThese() {
        assertThat(text(NodeProperties.of(THREE, "broker-1")))
                .isEqualTo(
                        """
                        advertised.listeners=CLIENT://127.77.0.11:9094,INTERNAL://127.77.0.11:9093
                        allow.everyone.if.no.acl.found=false
                        authorizer.class.name=io.penstock.broker.security.AclAuthorizer
                        auto.create.topics.enable=false
                        broker.id=1
                        broker.rack=zone-1
                        default.replication.factor=3
                        inter.broker.listener.name=INTERNAL
                        listener.name.internal.ssl.client.auth=required
                        listener.security.protocol.map=CLIENT:SASL_SSL,INTERNAL:SSL
                        listeners=CLIENT://127.77.0.11:9094,INTERNAL://127.77.0.11:9093
                        log.dirs=${data}/logs
                        min.insync.replicas=2
                        offsets.topic.replication.factor=3
                        penstock.management.listener=127.77.0.11:9644
                        sasl.enabled.mechanisms=SCRAM-SHA-512
                        ssl.client.auth=none
                        ssl.enabled.protocols=TLSv1.3,TLSv1.2
                        ssl.endpoint.identification.algorithm=https
                        ssl.keystore.location=${identity}/keystore.pem
                        ssl.keystore.type=PEM
                        ssl.principal.mapping.rules=RULE:^CN=[^,]+,OU=(broker|control-plane),.*$/OU=$1/,DEFAULT
                        ssl.truststore.location=${identity}/ca.pem
                        ssl.truststore.type=PEM
                        super.users=User:OU=broker;User:OU=control-plane
                        transaction.state.log.min.isr=2
                        transaction.state.log.replication.factor=3
                        zookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty
                        zookeeper.connect=127.77.0.5:2281,127.77.0.6:2281,127.77.0.7:2281
                        zookeeper.session.timeout.ms=6000
                        zookeeper.ssl.client.enable=true
                        zookeeper.ssl.keystore.location=${identity}/keystore.pem
                        zookeeper.ssl.keystore.type=PEM
                        zookeeper.ssl.truststore.location=${identity}/ca.pem
                        zookeeper.ssl.truststore.type=PEM
                        """);
    }

    @Test
    void aZooKeeperNodesPropertiesAreExactlyThese() {
        assertThat(text(NodeProperties.of(THREE, "zookeeper-2")))
                .isEqualTo(
                        """
                        admin.enableServer=false
                        autopurge.purgeInterval=1
                        autopurge.snapRetainCount=3
                        dataDir=${data}/zookeeper
                        initLimit=40
                        maxSessionTimeout=40000
                        penstock.management.listener=127.77.0.6:9644
                        penstock.zookeeper.myid=2
                        secureClientPort=2281
                        secureClientPortAddress=127.77.0.6
                        server.1=127.77.0.5:2888:3888
                        server.2=127.77.0.6:2888:3888
                        server.3=127.77.0.7:2888:3888
                        serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
                        ssl.clientAuth=need
                        ssl.enabledProtocols=TLSv1.3,TLSv1.2
                        ssl.keyStore.location=${identity}/keystore.pem
                        ssl.keyStore.type=PEM
                        ssl.quorum.enabledProtocols=TLSv1.3,TLSv1.2
                        ssl.quorum.keyStore.location=${identity}/keystore.pem
                        ssl.quorum.keyStore.type=PEM
                        ssl.quorum.trustStore.location=${identity}/ca.pem
                        ssl.quorum.trustStore.type=PEM
                        ssl.trustStore.location=${identity}/ca.pem
                        ssl.trustStore.type=PEM
                        sslQuorum=true
                        standaloneEnabled=true
                        syncLimit=20
                        tickTime=500
                        """);
    }

    @Test
    void aSingleZooKeeperNodeIsNoEnsemble() {
        ClusterLayout one =
                new ClusterLayout(
                        "clu_1", "127.77.0.0/26", List.of(zooKeeper(1)), List.of(broker(0)));

        assertThat(NodeProperties.of(one, "zookeeper-1"))
                .containsEntry("standaloneEnabled", "true")
                .doesNotContainKey("server.1");
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 2, 1", "3, 3, 2", "6, 3, 2"})
    void partitionsHaveThreeReplicasWhereThereAreBrokersForThem(
            int brokers, String replicas, String minimumInSync) {
        ClusterLayout layout =
                new ClusterLayout(
                        "clu_1",
                        "127.77.0.0/26",
                        List.of(zooKeeper(1)),
                        IntStream.range(0, brokers).mapToObj(NodePropertiesTest::broker).toList());

        assertThat(NodeProperties.of(layout, "broker-0"))
                .containsEntry("default.replication.factor", replicas)
                .containsEntry("offsets.topic.replication.factor", replicas)
                .containsEntry("transaction.state.log.replication.factor", replicas)
                .containsEntry("min.insync.replicas", minimumInSync)
                .containsEntry("transaction.state.log.min.isr", minimumInSync);
    }

    @Test
    void clientsAndControlPlaneReachTheBrokersOnTheirOwnListeners() {
        assertThat(THREE.clientBootstrapServers())
                .isEqualTo("127.77.0.10:9094,127.77.0.11:9094,127.77.0.12:9094");
        assertThat(THREE.internalBootstrapServers())
                .isEqualTo("127.77.0.10:9093,127.77.0.11:9093,127.77.0.12:9093");
    }

    @Test
    void impossibleLayoutsAreRefused() {
        assertThatThrownBy(
                        () ->
                                new ClusterLayout(
                                        "clu_1",
                                        "127.77.0.0/26",
                                        List.of(zooKeeper(1), zooKeeper(2)),
                                        List.of(broker(0))))
                .hasMessageContaining("odd number");
        assertThatThrownBy(
                        () ->
                                new ClusterLayout(
                                        "clu_1",
                                        "127.77.0.0/26",
                                        List.of(zooKeeper(1)),
                                        List.of(broker(0), broker(0))))
                .hasMessageContaining("share the name or the address");
        assertThatThrownBy(
                        () ->
                                new ClusterLayout(
                                        "../x",
                                        "127.77.0.0/26",
                                        List.of(zooKeeper(1)),
                                        List.of(broker(0))))
                .hasMessageContaining("not a cluster id");
        assertThatThrownBy(() -> NodePlacement.broker(0, "a", "localhost", "0.1.0", 512, 1))
                .hasMessageContaining("address localhost");
        assertThatThrownBy(() -> THREE.node("broker-3")).isInstanceOf(NoSuchElementException.class);
    }

    private static NodePlacement broker(int id) {
        return NodePlacement.broker(id, "zone-" + id, "127.77.0." + (10 + id), "0.1.0", 512, 10);
    }

    private static NodePlacement zooKeeper(int id) {
        return NodePlacement.zooKeeper(id, "zone-" + id, "127.77.0." + (4 + id), "0.1.0", 256, 2);
    }

    private static String text(Map<String, String> properties) {
        return properties.entrySet().stream()
                .map(property -> property.getKey() + "=" + property.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
