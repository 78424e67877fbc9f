package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * {@code broker FILE} with Kafka's names for TLS and SCRAM: two brokers that talk to each other
 * over mutual TLS, applications with passwords over TLS, ZooKeeper in plain text.
 */
@Tag("system")
class ForegroundTlsTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TOPIC = "orders";
    private static final String USER = "application";
    private static final String PASSWORD = "correct horse battery staple";
    private static final List<String> VALUES =
            IntStream.range(0, 500).mapToObj(i -> "encrypted " + i).toList();

    /** A TLS record's type: an alert, the last thing that a server says to whoever is wrong. */
    private static final int ALERT = 21;

    @TempDir private Path folder;
    private NodeKeys keys;

    @Test
    void brokersAndClientsTalkOverTlsOnly() throws Exception {
        keys = NodeKeys.in(folder);
        var ports = FreePorts.take(7);
        Files.writeString(
                folder.resolve("zoo.cfg"),
                """
                dataDir=%s
                clientPort=%s
                clientPortAddress=127.0.0.1
                """
                        .formatted(folder.resolve("zookeeper-data"), ports.get(6)));
        for (var id = 0; id < 2; id++) {
            writeBroker(id, ports.subList(3 * id, 3 * id + 3), ports.get(6));
        }
        var internal = "127.0.0.1:" + ports.get(0);
        var clients = "127.0.0.1:" + ports.get(1);

        try (var nodes = new ForegroundNodes(folder)) {
            nodes.start("zookeeper", "zoo.cfg");
            nodes.start("broker", "broker-0.properties");
            nodes.start("broker", "broker-1.properties");
            ForegroundNodes.awaitBrokers(administrator(internal), 2);
            makeUserAndTopic(administrator(internal));
            // Each broker learns of a user for itself, and to clients a refusal is final.
            ForegroundNodes.awaitBrokers(application(clients, PASSWORD), 2);
            ForegroundNodes.awaitBrokers(application("127.0.0.1:" + ports.get(4), PASSWORD), 2);

            Clients.produce(application(clients, PASSWORD), TOPIC, VALUES);
            assertThat(
                            Clients.consume(
                                    application(clients, PASSWORD),
                                    TOPIC,
                                    "readers",
                                    VALUES.size()))
                    .containsExactlyInAnyOrderElementsOf(VALUES);

            assertPlainTextIsRefused(ports.get(0));
            assertPlainTextIsRefused(ports.get(1));
            assertThatThrownBy(() -> describe(application(clients, "a guess")))
                    .hasCauseInstanceOf(SaslAuthenticationException.class);
            assertThatThrownBy(() -> describe(nameless(internal)))
                    .hasCauseInstanceOf(SslAuthenticationException.class);
            assertThat(nodes.output("broker")).doesNotContain(PASSWORD);
        }
    }

    private void writeBroker(int id, List<String> ports, String zooKeeper) throws IOException {
        var properties = keys.identity();
        properties.putAll(
                Map.ofEntries(
                        Map.entry("broker.id", Integer.toString(id)),
                        Map.entry(
                                "listeners",
                                "INTERNAL://127.0.0.1:%s,CLIENT://127.0.0.1:%s"
                                        .formatted(ports.get(0), ports.get(1))),
                        Map.entry("listener.security.protocol.map", "INTERNAL:SSL,CLIENT:SASL_SSL"),
                        Map.entry("inter.broker.listener.name", "INTERNAL"),
                        Map.entry("listener.name.internal.ssl.client.auth", "required"),
                        Map.entry("sasl.enabled.mechanisms", "SCRAM-SHA-512"),
                        Map.entry("log.dirs", folder.resolve("data-" + id).toString()),
                        Map.entry("zookeeper.connect", "127.0.0.1:" + zooKeeper),
                        Map.entry("penstock.management.listener", "127.0.0.1:" + ports.get(2)),
                        Map.entry("offsets.topic.replication.factor", "2")));
        try (var file =
                Files.newBufferedWriter(folder.resolve("broker-%d.properties".formatted(id)))) {
            properties.store(file, null);
        }
    }

    /** With both replicas needed for each acknowledgement: the brokers have to reach each other. */
    private static void makeUserAndTopic(Properties administrator) throws Exception {
        try (var admin = Admin.create(administrator)) {
            admin.alterUserScramCredentials(
                            List.of(
                                    new UserScramCredentialUpsertion(
                                            USER,
                                            new ScramCredentialInfo(
                                                    ScramMechanism.SCRAM_SHA_512, 4096),
                                            PASSWORD)))
                    .all()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            admin.createTopics(
                            List.of(
                                    new NewTopic(TOPIC, 2, (short) 2)
                                            .configs(Map.of("min.insync.replicas", "2"))))
                    .all()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private Properties administrator(String server) {
        var properties = keys.identity();
        properties.put("bootstrap.servers", server);
        properties.put("security.protocol", "SSL");
        return properties;
    }

    private Properties nameless(String server) {
        var properties = keys.trust();
        properties.put("bootstrap.servers", server);
        properties.put("security.protocol", "SSL");
        return properties;
    }

    private Properties application(String server, String password) {
        var properties = keys.trust();
        properties.put("bootstrap.servers", server);
        properties.put("security.protocol", "SASL_SSL");
        properties.put("sasl.mechanism", "SCRAM-SHA-512");
        properties.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(USER, password));
        return properties;
    }

    private static int describe(Properties client) throws Exception {
        try (var admin = Admin.create(client)) {
            return admin.describeCluster().nodes().get(LIMIT.toSeconds(), TimeUnit.SECONDS).size();
        }
    }

    /** A request for the API versions, which a listener in plain text answers to anybody. */
    private static void assertPlainTextIsRefused(String port) throws IOException {
        var name = "plain".getBytes(StandardCharsets.UTF_8);
        var request = ByteBuffer.allocate(4 + 8 + 2 + name.length);
        request.putInt(request.capacity() - 4).putShort((short) 18).putShort((short) 0).putInt(7);
        request.putShort((short) name.length).put(name);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(request.array());
            assertThat(answer(socket))
                    .as("what a plain-text client of port " + port + " is told before the end")
                    .satisfiesAnyOf(
                            told -> assertThat(told).isEmpty(),
                            told -> assertThat(told[0]).isEqualTo((byte) ALERT));
        }
    }

    private static byte[] answer(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            return new byte[0];
        }
    }
}
