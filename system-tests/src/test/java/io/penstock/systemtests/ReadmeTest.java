package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The commands that the README shows do what it says. */
@Tag("system")
class ReadmeTest {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String USAGE_OF_BENCH =
            "benchmarks/src/main/resources/io/penstock/benchmarks/usage.txt";
    private static final Pattern COMMAND = Pattern.compile("\\./penstock [a-z][^#|)`\n]*");
    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\\n(.*?)```");

    @Test
    void theCallsOfTheApiMakeACluster() throws Exception {
        var installation = Installation.running();
        var alice = installation.as("alice");
        var script = block("$api/me").replace("http://127.0.0.1:8080", installation.url());

        var output = installation.shell(LIMIT, Map.of(), script).orFail().standard();

        assertThat(output).contains("\"username\":\"alice\"").contains("\"cluster.create\"");
        assertThat(alice.clusterNames()).contains("orders");
        var cluster = alice.get(Api.CLUSTERS).path("items.find { it.name == 'orders' }.id");
        alice.awaitSuccess(alice.delete(String.valueOf(cluster)));
    }

    @Test
    void theCallsForATopicAndACredentialAreAnswered() throws Exception {
        var shared = SharedCluster.get();
        var setting =
                block("$api/me").lines().takeWhile(line -> !line.startsWith("call $")).toList();
        var script =
                String.join("\n", setting)
                                .replace("http://127.0.0.1:8080", shared.installation().url())
                        + "\n"
                        + block("principals").replace("clu_…", shared.id());

        var output = shared.installation().shell(LIMIT, Map.of(), script).orFail().standard();

        assertThat(output)
                .contains("\"name\":\"orders-created\"")
                .contains("\"password\":\"")
                .contains(shared.endpoints().servers())
                .contains("-----BEGIN CERTIFICATE-----");
    }

    @Test
    void kcatProducesWithTheOptionsShown(@TempDir Path folder) throws Exception {
        var shared = SharedCluster.get();
        var application = shared.application();
        shared.alice().createTopic(shared.id(), "app-readme", 1);
        var authority = folder.resolve("ca.pem");
        Files.writeString(authority, shared.endpoints().authorityPem());
        var script =
                block("kcat")
                        .replace("orders-created", "app-readme")
                        .replace("=ca.pem", "=" + authority)
                        .replace("kcat ", System.getProperty("penstock.kcat") + " ");

        shared.installation()
                .shell(
                        LIMIT,
                        Map.of(
                                "bootstrap", shared.endpoints().servers(),
                                "username", application.credential().username(),
                                "password", application.credential().password()),
                        script)
                .orFail();

        assertThat(application.consume("app-readme", "app-readme-readers", 1))
                .isEqualTo(List.of("hello"));
    }

    /** In a checkout that has nothing to build with, nor a JDK: help must not need either. */
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/testing.md", "benchmarks/README.md"})
    void everyCommandThatIsShownIsUnderstoodAndHasHelp(String page, @TempDir Path folder)
            throws Exception {
        var checkout = Path.of("..").toRealPath();
        for (var file : List.of("penstock", "benchmarks/run", USAGE_OF_BENCH)) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.copy(checkout.resolve(file), folder.resolve(file));
        }
        var commands =
                COMMAND.matcher(Files.readString(checkout.resolve(page)))
                        .results()
                        .map(match -> match.group().strip())
                        .distinct()
                        .toList();

        assertThat(commands).hasSizeGreaterThan(4);
        for (var command : commands) {
            var output = Commands.run(LIMIT, folder, Map.of(), "", shell(command + " --help"));
            assertThat(output.status()).as("%s%n%s", command, output.error()).isZero();
            assertThat(output.standard()).as(command).startsWith("Usage: ./penstock ");
        }
        var unknown = shell("./penstock test nonsense --help");
        assertThat(Commands.run(LIMIT, folder, Map.of(), "", unknown).status()).isEqualTo(2);
    }

    private static List<String> shell(String command) {
        return List.of("bash", "-euc", command);
    }

    private static String block(String containing) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("..", "README.md")))
                .results()
                .map(match -> match.group(1))
                .filter(text -> text.contains(containing))
                .findFirst()
                .orElseThrow(() -> new AssertionError("README shows nothing with " + containing));
    }
}
