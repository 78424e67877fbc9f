package io.penstock.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.launcher.installation.Installation;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One process produces, then two members of a group consume while their lag is sampled through the
 * API.
 */
final class Load {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration JOIN_LIMIT = Duration.ofMinutes(5);
    private static final long LAG_PERIOD_NANOS = 250_000_000L;

    private final Installation installation;
    private final ApiClient api;
    private final String cluster;
    private final ClientFiles files;
    private final PrintStream output;

    Load(
            Installation installation,
            ApiClient api,
            String cluster,
            ClientFiles files,
            PrintStream output) {
        this.installation = installation;
        this.api = api;
        this.cluster = cluster;
        this.files = files;
        this.output = output;
    }

    /**
     * What both sides counted.
     *
     * @param members records that each member of the group read
     */
    record Result(
            long produced,
            long consumed,
            long producedChecksum,
            long checksum,
            long violations,
            List<Long> members,
            long lag,
            double produceMegabytesPerSecond,
            double consumeMegabytesPerSecond) {

        List<String> problems() {
            var problems = new ArrayList<String>();
            if (produced != Demo.RECORDS) {
                problems.add("produced %d records instead of %d".formatted(produced, Demo.RECORDS));
            }
            if (consumed != produced) {
                problems.add("consumed %d of %d records".formatted(consumed, produced));
            }
            if (checksum != producedChecksum) {
                problems.add("the checksums differ");
            }
            if (violations != 0) {
                problems.add("%d records were out of their key's order".formatted(violations));
            }
            if (members.stream().anyMatch(count -> count == 0)) {
                problems.add("a member of the group read nothing");
            }
            if (lag != 0) {
                problems.add("the group's lag ended at %d".formatted(lag));
            }
            return problems;
        }
    }

    Result run(JsonNode producerCredential, JsonNode consumerCredential)
            throws IOException, InterruptedException {
        JsonNode produced = produce(producerCredential);
        return consume(consumerCredential, produced);
    }

    private JsonNode produce(JsonNode credential) throws IOException, InterruptedException {
        var configuration =
                files.java(
                        "producer",
                        credential,
                        """
                        acks=all
                        enable.idempotence=true
                        compression.type=none
                        linger.ms=10
                        batch.size=262144
                        buffer.memory=67108864
                        """);
        var arguments =
                List.of(
                        configuration.toString(),
                        Demo.TOPIC,
                        Long.toString(Demo.RECORDS),
                        installation.checkout().toString(),
                        installation.home().resolve("control-plane/log").toString(),
                        installation.home().resolve("keycloak/log").toString());
        var live = new LiveLine(output);
        try (var producer =
                LoadProcess.start(
                        installation, "producer", "ProduceMain", arguments, files.folder())) {
            producer.await(
                    "producing",
                    LIMIT,
                    () -> {
                        live.show(
                                "  producing: %,d of %,d records",
                                producer.number("records"), Demo.RECORDS);
                        return producer.ended();
                    });
            live.clear();
            var report = producer.report();
            output.printf(
                    Locale.ROOT,
                    "  produced  %,d records of %,d keys, %.1f MB in %.1f s: %.1f MB/s, %,.0f records/s%n",
                    report.path("records").asLong(),
                    report.path("keys").asLong(),
                    report.path("bytes").asLong() / 1e6,
                    report.path("seconds").asDouble(),
                    megabytesPerSecond(
                            report.path("bytes").asLong(), report.path("seconds").asDouble()),
                    report.path("records").asLong() / report.path("seconds").asDouble());
            return report;
        }
    }

    private Result consume(JsonNode credential, JsonNode produced)
            throws IOException, InterruptedException {
        try (var first = member(credential, "consumer-1");
                var second = member(credential, "consumer-2")) {
            var members = List.of(first, second);
            for (var member : members) {
                member.await(
                        "joining the group",
                        JOIN_LIMIT,
                        () ->
                                members.stream().mapToLong(m -> m.number("assigned")).sum()
                                                == Demo.PARTITIONS
                                        && members.stream()
                                                .allMatch(m -> m.number("assigned") > 0));
            }
            for (var member : members) {
                member.begin();
            }
            var start = System.nanoTime();
            var lags = drain(members, produced.path("records").asLong());
            for (var member : members) {
                member.finish();
            }
            for (var member : members) {
                member.await("ending", JOIN_LIMIT, member::ended);
            }
            return result(members, produced, lags, (System.nanoTime() - start) / 1e9);
        }
    }

    private LoadProcess member(JsonNode credential, String name) throws IOException {
        var configuration =
                files.java(
                        name,
                        credential,
                        """
                        group.id=%s
                        auto.offset.reset=earliest
                        enable.auto.commit=false
                        max.poll.records=5000
                        fetch.min.bytes=65536
                        fetch.max.wait.ms=100
                        """
                                .formatted(Demo.GROUP));
        return LoadProcess.start(
                installation,
                name,
                "ConsumeMain",
                List.of(configuration.toString(), Demo.TOPIC),
                files.folder());
    }

    /** Samples the lag until all is read and committed; answers the samples. */
    private List<Long> drain(List<LoadProcess> members, long wanted)
            throws IOException, InterruptedException {
        var lags = new ArrayList<Long>(List.of(wanted));
        var live = new LiveLine(output);
        var sampled = System.nanoTime() - LAG_PERIOD_NANOS;
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            members.forEach(LoadProcess::check);
            var read = members.stream().mapToLong(member -> member.number("records")).sum();
            if (System.nanoTime() - sampled >= LAG_PERIOD_NANOS) {
                sampled = System.nanoTime();
                var group = api.find(cluster + "/groups/" + Demo.GROUP + "/offsets");
                if (group.status() == 200) {
                    lags.add(group.body().path("total_lag").asLong());
                }
                live.show("  consuming: %,d records, lag %,d", read, lags.getLast());
            }
            if (read >= wanted && lags.getLast() == 0) {
                break;
            }
            Thread.sleep(20);
        }
        live.clear();
        return lags;
    }

    private Result result(
            List<LoadProcess> members, JsonNode produced, List<Long> lags, double fallback) {
        var consumed = members.stream().mapToLong(member -> member.number("records")).sum();
        var bytes = members.stream().mapToLong(member -> member.number("bytes")).sum();
        var slowest =
                members.stream()
                        .mapToDouble(member -> member.report().path("seconds").asDouble())
                        .max()
                        .orElse(fallback);
        var seconds = slowest > 0 ? slowest : fallback;
        var result =
                new Result(
                        produced.path("records").asLong(),
                        consumed,
                        produced.path("checksum").asLong(),
                        members.stream().mapToLong(member -> member.number("checksum")).sum(),
                        members.stream().mapToLong(member -> member.number("violations")).sum(),
                        members.stream().map(member -> member.number("records")).toList(),
                        lags.getLast(),
                        megabytesPerSecond(
                                produced.path("bytes").asLong(),
                                produced.path("seconds").asDouble()),
                        megabytesPerSecond(bytes, seconds));
        output.printf(
                Locale.ROOT,
                "  consumed  %,d records by two members (%,d and %,d), %.1f MB in %.1f s: %.1f MB/s%n",
                consumed,
                result.members().get(0),
                result.members().get(1),
                bytes / 1e6,
                seconds,
                result.consumeMegabytesPerSecond());
        output.printf(
                Locale.ROOT,
                "  lag       %s  from %,d to %,d%n",
                Sparkline.of(lags),
                lags.getFirst(),
                lags.getLast());
        return result;
    }

    private static double megabytesPerSecond(long bytes, double seconds) {
        return seconds > 0 ? bytes / 1e6 / seconds : 0;
    }
}
