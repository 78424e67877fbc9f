package io.penstock.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.command.Token;
import io.penstock.launcher.installation.Installation;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The service's main job, as a tenant does it: a cluster through the API, then a million records
 * through unchanged Kafka clients in processes of their own, verified.
 */
public final class Demo {
    static final String CLUSTER = "demo";
    static final String TOPIC = "demo-events";
    static final String GROUP = "demo-readers";
    static final String PREFIX = "demo-";
    static final int BROKERS = 3;
    static final int PARTITIONS = 6;
    static final long RECORDS = 1_000_000;
    private static final String CLUSTERS = "/projects/default/clusters";
    private static final Duration OPERATION_LIMIT = Duration.ofMinutes(12);

    private final Installation installation;
    private final PrintStream output;
    private final boolean json;

    /**
     * @param output where progress goes; with {@code json}, the result's line goes to standard
     *     output
     */
    public Demo(Installation installation, PrintStream output, boolean json) {
        this.installation = installation;
        this.output = output;
        this.json = json;
    }

    public void run() throws IOException, InterruptedException {
        var api = new ApiClient(installation.localUrl(), Token.of(installation, "alice"));
        var me = api.get("/me");
        output.printf(
                "%nAs %s of %s:%n",
                me.path("username").asText("alice"), me.path("organization").path("name").asText());
        deleteOld(api);
        var cluster = create(api);
        var path = CLUSTERS + "/" + cluster.id();
        var endpoints = api.get(path + "/endpoints");
        var bootstrap = endpoints.get("bootstrap").get(0).get("servers").asText();
        output.println("  endpoints: " + bootstrap);
        api.post(path + "/topics", Map.of("name", TOPIC, "partitions", PARTITIONS));
        output.printf("  topic %s with %d partitions%n", TOPIC, PARTITIONS);
        var producer = credential(api, path, "producer");
        var consumer = credential(api, path, "consumer");
        output.println("  one credential that may produce, one that may consume");
        var files =
                new ClientFiles(
                        installation.home().resolve("demo"),
                        bootstrap,
                        endpoints.get("ca_certificate_pem").asText());
        files.writeAuthority();
        var result = new Load(installation, api, path, files, output).run(producer, consumer);
        var kcat = ShellWord.of(files.kcat("consumer", consumer));
        var kcatProducer = ShellWord.of(files.kcat("producer", producer));
        verdict(result);
        output.printf(
                """

                Repeat it with kcat (its password lies in the file):
                  kcat -F %s -t %s -C -o beginning -c 5 -f '%%p@%%o %%k: %%s\\n'
                  echo hello | kcat -F %s -t %s -P -k greeting
                  kcat -F %s -G %skcat %s
                The cluster keeps running: %s
                """,
                kcat, TOPIC, kcatProducer, TOPIC, kcat, PREFIX, TOPIC, installation.consoleUrl());
        if (json) {
            System.out.println(
                    new ObjectMapper().writeValueAsString(summary(cluster, bootstrap, result)));
        }
    }

    private record Created(String id, double seconds) {}

    private void deleteOld(ApiClient api) throws IOException, InterruptedException {
        for (var old : api.get(CLUSTERS + "?page_size=200").get("items")) {
            if (old.get("name").asText().equals(CLUSTER)) {
                var path = CLUSTERS + "/" + old.get("id").asText();
                var found = api.find(path);
                if (found.status() == 404) {
                    continue;
                }
                var operation = api.delete(path, found.etag());
                await(api, operation, "deleting the demo's cluster of before");
            }
        }
    }

    private Created create(ApiClient api) throws IOException, InterruptedException {
        var start = System.nanoTime();
        var operation =
                api.post(CLUSTERS, Map.of("name", CLUSTER, "plan", "small", "brokers", BROKERS));
        await(api, operation, "creating a cluster of " + BROKERS + " brokers");
        var seconds = (System.nanoTime() - start) / 1e9;
        var id = operation.get("target").get("cluster_id").asText();
        var state = api.get(CLUSTERS + "/" + id).get("status").get("state").asText();
        if (!state.equals("ACTIVE")) {
            throw new LaunchFailure(
                    "The cluster is %s after its creation.".formatted(state),
                    "See ./penstock logs control-plane.");
        }
        return new Created(id, seconds);
    }

    /** Long-polls the operation, and shows each step as it begins. */
    private void await(ApiClient api, JsonNode operation, String what)
            throws IOException, InterruptedException {
        var path = "/projects/default/operations/" + operation.get("id").asText();
        var start = System.nanoTime();
        var live = new LiveLine(output);
        var current = operation;
        while (!ended(current)) {
            if (System.nanoTime() - start > OPERATION_LIMIT.toNanos()) {
                live.clear();
                throw new LaunchFailure(
                        "%s took longer than %d minutes; its state is %s."
                                .formatted(
                                        what,
                                        OPERATION_LIMIT.toMinutes(),
                                        current.path("state").asText()),
                        "See ./penstock logs control-plane.");
            }
            live.show("  %s: %s (%.0f s)", what, step(current), (System.nanoTime() - start) / 1e9);
            current = api.get(path + "?wait=1s");
        }
        live.clear();
        var state = current.get("state").asText();
        if (!state.equals("SUCCEEDED")) {
            throw new LaunchFailure(
                    "%s ended %s: %s"
                            .formatted(what, state, current.path("error").path("detail").asText()),
                    "See ./penstock logs control-plane.");
        }
        output.printf(
                Locale.ROOT, "  %s: done in %.1f s%n", what, (System.nanoTime() - start) / 1e9);
    }

    private static boolean ended(JsonNode operation) {
        return switch (operation.path("state").asText()) {
            case "SUCCEEDED", "FAILED", "CANCELLED", "ROLLED_BACK" -> true;
            default -> false;
        };
    }

    private static String step(JsonNode operation) {
        for (var step : operation.path("steps")) {
            if (step.path("state").asText().equals("RUNNING")) {
                return step.path("title").asText(step.path("name").asText());
            }
        }
        return operation.path("state").asText().toLowerCase(Locale.ROOT);
    }

    private static JsonNode credential(ApiClient api, String cluster, String preset)
            throws IOException, InterruptedException {
        return api.post(
                cluster + "/principals/demo-" + preset + "/credentials",
                Map.of("preset", preset, "prefix", PREFIX));
    }

    private void verdict(Load.Result result) {
        var problems = result.problems();
        if (!problems.isEmpty()) {
            throw new LaunchFailure(
                    "The verification failed: " + String.join("; ", problems) + ".",
                    "The clients' logs lie in " + installation.home().resolve("demo") + ".");
        }
        output.printf(
                Locale.ROOT,
                "  verified: %,d records, every key's in order, checksum %016x%n",
                result.consumed(),
                result.checksum());
    }

    private static Map<String, Object> summary(
            Created cluster, String bootstrap, Load.Result result) {
        var summary = new LinkedHashMap<String, Object>();
        summary.put("cluster_id", cluster.id());
        summary.put("bootstrap", bootstrap);
        summary.put("brokers", BROKERS);
        summary.put("cluster_active_seconds", rounded(cluster.seconds()));
        summary.put("records_produced", result.produced());
        summary.put("records_consumed", result.consumed());
        summary.put("produce_mb_s", rounded(result.produceMegabytesPerSecond()));
        summary.put("consume_mb_s", rounded(result.consumeMegabytesPerSecond()));
        summary.put("verified", true);
        return summary;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
