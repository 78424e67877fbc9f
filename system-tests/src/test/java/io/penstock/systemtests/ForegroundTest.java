package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** {@code broker FILE} and {@code zookeeper FILE}: a cluster in plain text without any service. */
@Tag("system")
class ForegroundTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final List<String> VALUES =
            IntStream.range(0, 200).mapToObj(i -> "plain " + i).toList();

    @TempDir private Path folder;

    @Test
    void aBrokerInTheForegroundServesPlainTextAndKeepsItsRecords() throws Exception {
        var ports = FreePorts.take(3);
        Files.writeString(
                folder.resolve("zoo.cfg"),
                """
                dataDir=%s
                clientPort=%s
                clientPortAddress=127.0.0.1
                """
                        .formatted(folder.resolve("zookeeper-data"), ports.get(0)));
        Files.writeString(
                folder.resolve("broker.properties"),
                """
                broker.id=0
                listeners=PLAINTEXT://127.0.0.1:%s
                log.dirs=%s
                zookeeper.connect=127.0.0.1:%s
                penstock.management.listener=127.0.0.1:%s
                """
                        .formatted(
                                ports.get(1),
                                folder.resolve("broker-data"),
                                ports.get(0),
                                ports.get(2)));
        var server = "127.0.0.1:" + ports.get(1);
        Process zooKeeper;
        try (var nodes = new ForegroundNodes(folder)) {
            zooKeeper = nodes.start("zookeeper", "zoo.cfg");
            var broker = nodes.start("broker", "broker.properties");
            createTopics(server);
            assertThat(Processes.commandLine(broker.pid()))
                    .as("the shell was replaced")
                    .contains("BrokerMain broker.properties");

            produceWithKcat(server, "by-kcat");
            assertThat(Clients.consume(client(server), "by-kcat", "java-readers", VALUES.size()))
                    .containsExactlyInAnyOrderElementsOf(VALUES);
            Clients.produce(client(server), "by-java", VALUES);
            assertThat(consumeWithKcat(server, "by-java"))
                    .containsExactlyInAnyOrderElementsOf(VALUES);

            broker.destroy();
            assertThat(broker.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(broker.exitValue()).isZero();
            nodes.start("broker", "broker.properties");
            assertThat(Clients.consume(client(server), "by-java", "later-readers", VALUES.size()))
                    .containsExactlyInAnyOrderElementsOf(VALUES);
        }
        assertThat(zooKeeper.exitValue()).as("status of ZooKeeper").isZero();
    }

    @Test
    void aBadFileIsSaidWithThePropertyAndWhatIsAllowed() throws Exception {
        Files.writeString(folder.resolve("bad.properties"), "broker.id=minus-one\n");

        try (var nodes = new ForegroundNodes(folder)) {
            var process = nodes.start("broker", "bad.properties");

            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isNotZero();
            assertThat(nodes.output("broker")).contains("broker.id", "minus-one", "whole number");
        }
    }

    private void createTopics(String server) {
        var properties = client(server);
        ForegroundNodes.awaitBrokers(properties, 1);
        try (var admin = Admin.create(properties)) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("by-kcat", 2, (short) 1),
                                    new NewTopic("by-java", 2, (short) 1)))
                    .all()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("The topics could not be created", e);
        }
    }

    private static Properties client(String server) {
        var properties = new Properties();
        properties.put("bootstrap.servers", server);
        return properties;
    }

    private void produceWithKcat(String server, String topic)
            throws IOException, InterruptedException {
        kcat(String.join("\n", VALUES) + "\n", "-b", server, "-P", "-t", topic);
    }

    private List<String> consumeWithKcat(String server, String topic)
            throws IOException, InterruptedException {
        return kcat("", "-b", server, "-C", "-t", topic, "-o", "beginning", "-e", "-q")
                .standard()
                .lines()
                .toList();
    }

    private Commands.Output kcat(String input, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(System.getProperty("penstock.kcat")));
        command.addAll(List.of(arguments));
        return Commands.run(LIMIT, folder, Map.of(), input, command).orFail();
    }
}
