package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.systemtests.Commands.Output;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The demo, and the commands that it prints for repeating it, taken as they are printed. */
@Tag("system")
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoTest {
    private static final Duration DEMO_LIMIT = Duration.ofMinutes(20);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Partition, offset, key and value. */
    private static final Pattern RECORD = Pattern.compile("(?m)^[0-5]@[0-9]+ .*: .*$");

    @TempDir private static Path folder;
    private Installation installation;
    private Output output;
    private JsonNode result;

    @BeforeAll
    void runTheDemo() throws Exception {
        installation = Installation.running();
        output = installation.penstock(DEMO_LIMIT, "demo", "--json").orFail();
        assertThat(output.standard().lines()).hasSize(1);
        result = new ObjectMapper().readTree(output.standard());
        System.out.println("Demo: " + result);
        // As kcat is called on this machine.
        Files.createSymbolicLink(
                folder.resolve("kcat"), Path.of(System.getProperty("penstock.kcat")));
    }

    @AfterAll
    void deleteItsCluster() throws Exception {
        if (result != null) {
            var alice = installation.as("alice");
            alice.awaitSuccess(alice.delete(result.get("cluster_id").asText()));
        }
    }

    @Test
    void itVerifiesAMillionRecordsAndPrintsItsResultAlone() throws Exception {
        assertThat(result.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly(
                        "cluster_id",
                        "bootstrap",
                        "brokers",
                        "cluster_active_seconds",
                        "records_produced",
                        "records_consumed",
                        "produce_mb_s",
                        "consume_mb_s",
                        "verified");
        assertThat(result.get("verified").asBoolean()).isTrue();
        assertThat(result.get("brokers").asInt()).isEqualTo(3);
        assertThat(result.get("cluster_active_seconds").asDouble()).isPositive();
        assertThat(result.get("records_produced").asLong()).isEqualTo(1_000_000);
        assertThat(result.get("records_consumed").asLong()).isEqualTo(1_000_000);
        assertThat(result.get("produce_mb_s").asDouble()).isPositive();
        assertThat(result.get("consume_mb_s").asDouble()).isPositive();
        var alice = installation.as("alice");
        var cluster = result.get("cluster_id").asText();
        assertThat(alice.state(cluster)).isEqualTo("ACTIVE");
        assertThat(alice.endpoints(cluster).servers()).isEqualTo(result.get("bootstrap").asText());
    }

    @Test
    void thePrintedCommandForReadingShowsFiveRecords() throws Exception {
        var read = run(printed(" -C ")).orFail();

        assertThat(RECORD.matcher(read.standard()).results()).as(read.standard()).hasSize(5);
    }

    @Test
    void thePrintedCommandsForWritingAndForReadingInAGroupMeet() throws Exception {
        var shown = folder.resolve("group.out");
        var told = folder.resolve("group.err");
        var group =
                command(printed(" -G "))
                        .redirectOutput(shown.toFile())
                        .redirectError(told.toFile())
                        .start();
        try {
            await("the group's assignment")
                    .atMost(LIMIT)
                    .until(() -> Files.readString(told).contains("assigned: demo-events"));
            // A member that has just joined reads from what is written once it knows the end.
            await("the greeting")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(
                            () -> {
                                run(printed(" -P ")).orFail();
                                return Files.readString(shown).contains("hello");
                            });
            assertThat(group.isAlive()).as(Files.readString(told)).isTrue();
        } finally {
            group.destroy();
            if (!group.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                group.destroyForcibly();
            }
        }
    }

    /** The one command among those that are printed that holds the option. */
    private String printed(String option) {
        var commands =
                output.error()
                        .lines()
                        .map(String::strip)
                        .filter(line -> line.contains("kcat -F ") && line.contains(option))
                        .toList();
        assertThat(commands).as(output.error()).hasSize(1);
        return commands.getFirst();
    }

    private Output run(String line) throws IOException, InterruptedException {
        return Commands.run(
                LIMIT, folder, Map.of("PATH", path()), "", List.of("bash", "-euc", line));
    }

    /** Shows each line at once, as on a terminal. */
    private ProcessBuilder command(String line) {
        var builder =
                new ProcessBuilder("stdbuf", "-oL", "bash", "-euc", "exec " + line)
                        .directory(folder.toFile());
        builder.environment().put("PATH", path());
        return builder;
    }

    private String path() {
        return folder + ":" + System.getenv("PATH");
    }
}
