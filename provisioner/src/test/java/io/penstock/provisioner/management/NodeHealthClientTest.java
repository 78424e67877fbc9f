package io.penstock.provisioner.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import io.penstock.provisioner.nodes.NodeRole;
import io.penstock.provisioner.pki.ClusterAuthority;
import io.penstock.provisioner.pki.NodeIdentity;
import io.penstock.provisioner.pki.PemIdentity;
import io.penstock.provisioner.pki.TestNodes;
import io.penstock.provisioner.pki.TlsContexts;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import javax.net.ssl.SSLParameters;

class NodeHealthClientTest {
    private static final String ADDRESS = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final ClusterAuthority authority =
            ClusterAuthority.create("clu_1", InstantSource.system());
    private volatile int status = 200;
    private volatile String body = "";
    private HttpsServer node;
    private NodeHealthClient client;

    @BeforeEach
    void startNode() throws Exception {
        node = serve(ADDRESS);
        client = new NodeHealthClient(controlPlane(authority), authority.certificatePem());
    }

    @AfterEach
    void stopNode() {
        client.close();
        node.stop(0);
    }

    @Test
    void aBrokerReportsAsTheContractSays() throws Exception {
        body =
                """
                {"role": "broker", "node_id": 2, "version": "0.1.0", "state": "RUNNING", "broker_epoch": 12,
                 "controller": true, "controller_id": 2, "brokers": 3, "partitions": 10, "leaders": 4,
                 "offline_partitions": 1, "under_replicated_partitions": 5, "uptime_ms": 77, "later_addition": {}}
                """;

        assertThat(answer())
                .isEqualTo(
                        new NodeHealth.BrokerHealth(
                                true, 2, "0.1.0", "RUNNING", 12, true, 2, 3, 10, 4, 1, 5, 77));
    }

    @Test
    void aNodeThatDoesNotServeStillReports() throws Exception {
        status = 503;
        body =
                """
                {"role": "zookeeper", "node_id": 1, "version": "0.1.0", "state": "STARTING", "mode": "looking", "uptime_ms": 5}
                """;

        NodeHealth health = answer();

        assertThat(health)
                .isEqualTo(
                        new NodeHealth.ZooKeeperHealth(
                                false, 1, "0.1.0", "STARTING", "looking", 5));
        assertThat(((NodeHealth.ZooKeeperHealth) health).inQuorum()).isFalse();
    }

    @Test
    void answersThatAreNoReportsCountAsUnreachable() throws Exception {
        for (String nonsense :
                List.of("", "null", "[]", "{}", "{\"role\": \"poet\"}", "x".repeat(100_000))) {
            body = nonsense;
            assertThat(client.health(ADDRESS, node.getAddress().getPort()))
                    .as(nonsense)
                    .isInstanceOf(NodeHealth.Unreachable.class);
        }
        status = 500;
        body = "";
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(client.health(ADDRESS, node.getAddress().getPort()))
                                        .isEqualTo(
                                                new NodeHealth.Unreachable(
                                                        "answered with HTTP status 500")));
    }

    @Test
    void anotherClustersNodeIsNotTrustedNorTrustsUs() throws Exception {
        ClusterAuthority other = ClusterAuthority.create("clu_2", InstantSource.system());
        try (NodeHealthClient stranger =
                        new NodeHealthClient(controlPlane(other), authority.certificatePem());
                NodeHealthClient distrusting =
                        new NodeHealthClient(controlPlane(authority), other.certificatePem())) {
            assertThat(stranger.health(ADDRESS, node.getAddress().getPort()))
                    .isInstanceOf(NodeHealth.Unreachable.class);
            assertThat(distrusting.health(ADDRESS, node.getAddress().getPort()))
                    .isInstanceOf(NodeHealth.Unreachable.class);
        }
    }

    @Test
    void aCertificateForAnotherAddressIsNotAccepted() throws Exception {
        body = "{\"role\": \"zookeeper\", \"node_id\": 1}";
        HttpsServer elsewhere = serve("127.0.0.2");
        try {
            assertThat(client.health(ADDRESS, elsewhere.getAddress().getPort()))
                    .isInstanceOf(NodeHealth.Unreachable.class);
        } finally {
            elsewhere.stop(0);
        }
    }

    @Test
    void aSilentNodeIsGivenUpInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
            long started = System.nanoTime();

            assertThat(client.health(ADDRESS, silent.getLocalPort()))
                    .isInstanceOf(NodeHealth.Unreachable.class);

            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isLessThan(NodeHealthClient.ANSWER_LIMIT.plusSeconds(30));
        }
    }

    /** The first report: a busy machine may take longer for a handshake than the client waits. */
    private NodeHealth answer() {
        return await().atMost(LIMIT)
                .until(
                        () -> client.health(ADDRESS, node.getAddress().getPort()),
                        NodeHealth.Answered.class::isInstance);
    }

    /** On every address; its certificate names only this one. */
    private HttpsServer serve(String certifiedAddress) throws Exception {
        PemIdentity identity =
                TestNodes.enrol(
                        authority,
                        new NodeIdentity(
                                "clu_1", "broker-2", NodeRole.BROKER, certifiedAddress, List.of()));
        HttpsServer server = HttpsServer.create(new InetSocketAddress(ADDRESS, 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(TlsContexts.mutual(identity, authority.certificatePem())) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters required = getSSLContext().getDefaultSSLParameters();
                        required.setNeedClientAuth(true);
                        parameters.setSSLParameters(required);
                    }
                });
        server.createContext(
                "/health",
                exchange -> {
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    try (exchange) {
                        exchange.getResponseBody().write(bytes);
                    } catch (IOException e) {
                        // The client has seen enough of it.
                    }
                });
        server.start();
        return server;
    }

    private static PemIdentity controlPlane(ClusterAuthority authority) {
        return authority.clientIdentity(
                "control-plane", "control-plane", "clu_1", Duration.ofHours(1));
    }
}
