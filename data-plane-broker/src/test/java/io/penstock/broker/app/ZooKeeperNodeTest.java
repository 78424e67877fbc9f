package io.penstock.broker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

class ZooKeeperNodeTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir private Path folder;
    private final List<ZooKeeperNode> nodes = new ArrayList<>();
    private final TestAuthority authority = new TestAuthority("cluster");

    @AfterEach
    void stop() {
        nodes.forEach(ZooKeeperNode::close);
    }

    @Test
    void alonePlainTextServerKeepsItsDataOverARestart() throws Exception {
        int[] ports = FreePorts.take(2);
        Properties properties = new Properties();
        properties.setProperty("dataDir", folder.resolve("data").toString());
        properties.setProperty("clientPort", Integer.toString(ports[0]));
        properties.setProperty("clientPortAddress", "127.0.0.1");
        properties.setProperty("penstock.management.listener", "127.0.0.1:" + ports[1]);
        String connect = "127.0.0.1:" + ports[0];
        ZooKeeperNode first = start(properties);

        write(connect, new ZKClientConfig(), "kept");
        assertThat(get(HttpClient.newHttpClient(), "http", ports[1], "/health").body())
                .contains("\"role\":\"zookeeper\"", "\"mode\":\"standalone\"", "\"RUNNING\"");
        first.close();
        nodes.clear();
        awaitFree(ports[0]);
        start(properties);

        assertThat(read(connect, new ZKClientConfig())).isEqualTo("kept");
    }

    /** Within one process ZooKeeper's Netty server gives its port back a moment after its end. */
    private static void awaitFree(int port) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(
                        () -> {
                            var address = InetAddress.getLoopbackAddress();
                            try (var probe = new ServerSocket(port, 1, address)) {
                                return probe.isBound();
                            }
                        });
    }

    @Test
    void aTerminatedProcessEndsWithStatusZero() throws Exception {
        int[] ports = FreePorts.take(2);
        Path file = folder.resolve("zoo.cfg");
        Files.write(
                file,
                List.of(
                        "dataDir=" + folder.resolve("data"),
                        "clientPort=" + ports[0],
                        "clientPortAddress=127.0.0.1",
                        "penstock.management.listener=127.0.0.1:" + ports[1]));
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                "io.penstock.broker.app.ZooKeeperMain",
                                file.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("zookeeper.log").toFile())
                        .start();
        try {
            write("127.0.0.1:" + ports[0], new ZKClientConfig(), "any");
            process.destroy();

            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void ensembleWithMutualTlsElectsALeaderAndServesClients() throws Exception {
        int[] ports = FreePorts.take(12);
        for (int id = 1; id <= 3; id++) {
            start(member(id, ports));
        }

        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(nodes)
                                        .allMatch(node -> node.health().serving())
                                        .extracting(node -> node.health().report().get("mode"))
                                        .containsExactlyInAnyOrder(
                                                "leader", "follower", "follower"));

        Path clientFolder = Files.createDirectory(folder.resolve("client"));
        TestAuthority.Identity client = authority.identity("CN=broker-0,OU=broker,O=c");
        write("127.0.0.1:" + ports[0], tls(client, clientFolder), "replicated");
        assertThat(read("127.0.0.1:" + ports[4], tls(client, clientFolder)))
                .isEqualTo("replicated");

        HttpResponse<String> health = get(http(client.context()), "https", ports[3], "/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"node_id\":1", "\"state\":\"RUNNING\"");
        assertThat(get(http(client.context()), "https", ports[3], "/metrics").body())
                .contains("penstock_zookeeper_serving 1")
                .endsWith("# EOF\n");
    }

    @Test
    void managementPortRefusesWhoIsNeitherBrokerNorControlPlane() throws Exception {
        int[] ports = FreePorts.take(12);
        start(member(1, ports));
        SSLContext stranger = authority.identity("CN=app,OU=application,O=c").context();
        SSLContext foreign =
                new TestAuthority("other").identity("CN=broker-0,OU=broker,O=c").context();

        assertThatThrownBy(() -> get(http(stranger), "https", ports[3], "/health"))
                .isInstanceOf(java.io.IOException.class);
        assertThatThrownBy(() -> get(http(foreign), "https", ports[3], "/health"))
                .isInstanceOf(java.io.IOException.class);
        assertThatThrownBy(
                        () -> get(http(authority.trustingContext()), "https", ports[3], "/health"))
                .isInstanceOf(java.io.IOException.class);

        SSLContext controlPlane =
                authority.identity("CN=control-plane,OU=control-plane,O=c").context();
        HttpResponse<String> answer = get(http(controlPlane), "https", ports[3], "/health");
        assertThat(answer.statusCode()).as("a member without quorum").isEqualTo(503);
        assertThat(answer.body()).contains("\"mode\":\"looking\"");
    }

    @Test
    void aWrongIdIsNamed() {
        Properties properties = new Properties();
        properties.setProperty("penstock.zookeeper.myid", "0");

        assertThatThrownBy(() -> ZooKeeperSettings.from(properties))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("penstock.zookeeper.myid=0");
    }

    /** Ports 4i to 4i+3: client, quorum, election, management. */
    private Properties member(int id, int... ports) throws Exception {
        Path home = Files.createDirectory(folder.resolve("zookeeper-" + id));
        TestAuthority.Identity identity =
                authority.identity("CN=zookeeper-" + id + ",OU=zookeeper,O=c");
        Path keyStore = identity.writeKeyStore(home);
        Path trustStore = identity.writeTrustStore(home);
        int own = (id - 1) * 4;
        Properties properties = new Properties();
        properties.setProperty("penstock.zookeeper.myid", Integer.toString(id));
        properties.setProperty("dataDir", home.resolve("data").toString());
        properties.setProperty("tickTime", "500");
        properties.setProperty("initLimit", "20");
        properties.setProperty("syncLimit", "10");
        properties.setProperty(
                "serverCnxnFactory", "org.apache.zookeeper.server.NettyServerCnxnFactory");
        properties.setProperty("secureClientPort", Integer.toString(ports[own]));
        properties.setProperty("secureClientPortAddress", "127.0.0.1");
        properties.setProperty("ssl.clientAuth", "need");
        properties.setProperty("sslQuorum", "true");
        for (String prefix : List.of("ssl.", "ssl.quorum.")) {
            properties.setProperty(prefix + "keyStore.type", "PEM");
            properties.setProperty(prefix + "keyStore.location", keyStore.toString());
            properties.setProperty(prefix + "trustStore.type", "PEM");
            properties.setProperty(prefix + "trustStore.location", trustStore.toString());
            properties.setProperty(prefix + "enabledProtocols", "TLSv1.3,TLSv1.2");
        }
        for (int other = 1; other <= 3; other++) {
            properties.setProperty(
                    "server." + other,
                    "127.0.0.1:" + ports[other * 4 - 3] + ":" + ports[other * 4 - 2]);
        }
        properties.setProperty("penstock.management.listener", "127.0.0.1:" + ports[own + 3]);
        return properties;
    }

    private ZooKeeperNode start(Properties properties) {
        ZooKeeperNode node = ZooKeeperNode.start(ZooKeeperSettings.from(properties), "test");
        nodes.add(node);
        return node;
    }

    private static ZKClientConfig tls(TestAuthority.Identity identity, Path home) {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(
                "zookeeper.clientCnxnSocket", "org.apache.zookeeper.ClientCnxnSocketNetty");
        config.setProperty("zookeeper.client.secure", "true");
        config.setProperty(
                "zookeeper.ssl.keyStore.location", identity.writeKeyStore(home).toString());
        config.setProperty("zookeeper.ssl.keyStore.type", "PEM");
        config.setProperty(
                "zookeeper.ssl.trustStore.location", identity.writeTrustStore(home).toString());
        config.setProperty("zookeeper.ssl.trustStore.type", "PEM");
        return config;
    }

    private static void write(String connect, ZKClientConfig config, String value)
            throws Exception {
        try (ZooKeeper client = connect(connect, config)) {
            client.create(
                    "/test",
                    value.getBytes(StandardCharsets.UTF_8),
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT);
        }
    }

    private static String read(String connect, ZKClientConfig config) throws Exception {
        try (ZooKeeper client = connect(connect, config)) {
            client.sync("/test", (code, path, context) -> {}, null);
            return new String(client.getData("/test", false, null), StandardCharsets.UTF_8);
        }
    }

    private static ZooKeeper connect(String connect, ZKClientConfig config) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client =
                new ZooKeeper(
                        connect,
                        10_000,
                        event -> {
                            if (event.getState()
                                    == org.apache.zookeeper.Watcher.Event.KeeperState
                                            .SyncConnected) {
                                connected.countDown();
                            }
                        },
                        config);
        assertThat(connected.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("connected to " + connect)
                .isTrue();
        return client;
    }

    private static HttpClient http(SSLContext context) {
        return HttpClient.newBuilder()
                .sslContext(context)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    private static HttpResponse<String> get(HttpClient client, String scheme, int port, String path)
            throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
