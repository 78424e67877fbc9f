package io.penstock.benchmarks.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.benchmarks.Commands;
import io.penstock.benchmarks.client.GroupReaders;
import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.load.ClientJvm;
import io.penstock.benchmarks.load.Load;
import io.penstock.benchmarks.measure.Meter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What five groups at the end of a topic and a reader from a cold disk do to its producer. */
final class Readers implements Scenario {

    private static final int GROUPS = 5;
    private static final Load LOAD = Load.plain().perSecond(5_000);
    private static final Load BACKLOG = Load.plain().records(1_000_000);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(1);

    @Override
    public Description description() {
        return new Description(
                "readers",
                "p99 of 5,000 records/s with five groups reading along and one cold, against without",
                ClusterShape.THREE_BROKERS,
                Lifecycle.KEPT,
                Duration.ofMinutes(8),
                Figure.of("p99 without", "ms"),
                Figure.of("p99 with", "ms"),
                Figure.of("with / without", "×").atMost(1.5),
                Figure.of("read along", "records"),
                Figure.of("read cold", "records"));
    }

    @Override
    public void warmUp(Arena arena) throws Exception {
        Pace pace = new Pace(LOAD, 5, 10, false);
        String topic = arena.topic("warm", LOAD);
        pace.run(arena, topic);
        arena.cluster().deleteTopic(topic);
    }

    @Override
    public Measured measure(Arena arena) throws Exception {
        Pace pace = new Pace(LOAD, 5, 15, false);
        String topic = arena.topic("load", LOAD);
        Load backlog = arena.scaled(BACKLOG);
        String coldTopic = arena.topic("cold", backlog);
        arena.tools().produce(coldTopic, backlog);
        evict(arena, coldTopic);
        Meter meter = arena.startMeter();
        double without = pace.run(arena, topic).get("p99_ms").asDouble();
        Process readers =
                ClientJvm.start(
                        GroupReaders.class.getName(),
                        arena.client(topic)
                                .put("groups", GROUPS)
                                .put("cold-topic", coldTopic)
                                .toList());
        JsonNode read;
        double with;
        try {
            awaitReading(readers);
            with = pace.run(arena, topic).get("p99_ms").asDouble();
            readers.getOutputStream().close();
            read =
                    ClientJvm.lastLine(
                            new String(
                                    readers.getInputStream().readAllBytes(),
                                    StandardCharsets.UTF_8));
            readers.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } finally {
            readers.destroyForcibly();
        }
        arena.cluster().deleteTopic(topic);
        arena.cluster().deleteTopic(coldTopic);
        return Measured.with("p99 without", without)
                .and("p99 with", with)
                .and("with / without", with / without)
                .and("read along", read.get("tailed").asDouble())
                .and("read cold", read.get("caught_up").asDouble())
                .used(meter.stop());
    }

    private static void awaitReading(Process readers) throws IOException {
        String line = ProcessLines.next(readers);
        if (!line.equals("reading")) {
            throw new IOException("The readers did not begin: " + line);
        }
    }

    /** Lets the kernel forget the pages of the topic's segments; needs no rights. */
    private static void evict(Arena arena, String topic) throws IOException, InterruptedException {
        List<Path> segments;
        try (Stream<Path> files = Files.walk(arena.cluster().plan().folder())) {
            segments =
                    files.filter(file -> file.toString().endsWith(".log"))
                            .filter(
                                    file ->
                                            file.getParent()
                                                    .getFileName()
                                                    .toString()
                                                    .startsWith(topic + "-"))
                            .toList();
        }
        for (Path segment : segments) {
            Commands.run(
                    List.of(
                            "dd",
                            "if=/dev/null",
                            "of=" + segment,
                            "oflag=nocache",
                            "conv=notrunc,fdatasync",
                            "count=0"),
                    Map.of(),
                    COMMAND_LIMIT);
        }
    }
}
