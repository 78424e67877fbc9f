package io.penstock.benchmarks;

import io.penstock.benchmarks.cluster.KafkaZooKeeperSide;
import io.penstock.benchmarks.cluster.KraftSide;
import io.penstock.benchmarks.cluster.PenstockSide;
import io.penstock.benchmarks.cluster.Side;
import io.penstock.benchmarks.cluster.Tuning;
import io.penstock.benchmarks.report.ResultLines;
import io.penstock.benchmarks.report.ResultTable;
import io.penstock.benchmarks.report.Run;
import io.penstock.benchmarks.scenario.Scenario;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./penstock bench}: exit status 0 when every run gave a figure that may be used. */
public final class Bench {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        Workspace workspace =
                new Workspace(
                        Path.of(System.getProperty("penstock.checkout")),
                        Path.of(System.getProperty("penstock.home")));
        try {
            Options options =
                    Options.parse(
                            List.of(arguments), Path.of(System.getProperty("penstock.caller")));
            System.exit(run(workspace, options));
        } catch (Options.Misuse e) {
            System.err.println("penstock: " + e.getMessage());
            System.err.print(usage());
            System.exit(MISUSED);
        } catch (IOException e) {
            System.err.println("penstock: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    /** The same text that the script prints by itself, before anything is built. */
    static String usage() throws IOException {
        try (InputStream text = Bench.class.getResourceAsStream("usage.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int run(Workspace workspace, Options options)
            throws IOException, InterruptedException {
        Files.createDirectories(workspace.folder());
        Path lock = workspace.folder().resolve("lock");
        try (FileChannel channel =
                        FileChannel.open(
                                lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held == null) {
                throw new IOException("another race runs in " + workspace.folder());
            }
            Runtime.getRuntime().addShutdownHook(new Thread(BoundedWork::endEverything));
            return race(workspace, options);
        }
    }

    private static int race(Workspace workspace, Options options)
            throws IOException, InterruptedException {
        List<Side> sides = sides(workspace, options);
        Map<String, Object> described = new LinkedHashMap<>();
        for (Side side : sides) {
            Progress.say("providing " + side.name());
            side.provide();
            described.put(side.name(), side.describes());
        }
        String now = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        Path lines = workspace.results().resolve(now + ".jsonl");
        List<Path> files = new ArrayList<>(List.of(lines));
        options.json().ifPresent(files::add);
        ResultLines results =
                new ResultLines(
                        files,
                        Map.of(
                                "scale_percent", options.scalePercent(),
                                "processors", Runtime.getRuntime().availableProcessors(),
                                "jdk", Runtime.version().toString(),
                                "sides", described));
        Race race = new Race(workspace, options, sides, results);
        ResultTable table =
                new ResultTable(
                        PenstockSide.NAME,
                        options.peers(),
                        options.strict(),
                        options.scalePercent() == 100);
        StringBuilder report = new StringBuilder();
        for (Scenario scenario : options.scenarios()) {
            race.run(scenario);
            String part = table.of(scenario, race.runs());
            report.append(part).append('\n');
            System.out.println(part);
        }
        Path page = workspace.results().resolve(now + ".md");
        Files.writeString(page, report);
        Progress.say("the table is in " + page + ", all runs in " + lines);
        return race.runs().stream().allMatch(run -> usable(run, options)) ? 0 : FAILED;
    }

    private static boolean usable(Run run, Options options) {
        return run.outcome() instanceof Run.Outcome.Succeeded
                && !(options.strict() && run.disturbed());
    }

    private static List<Side> sides(Workspace workspace, Options options) {
        List<Side> sides = new ArrayList<>();
        sides.add(new PenstockSide(workspace, workspace.loopbackAddress(1)));
        for (String peer : options.peers()) {
            String address = workspace.loopbackAddress(2 + Options.PEERS.indexOf(peer));
            sides.add(
                    switch (peer) {
                        case "kraft" -> new KraftSide(workspace, address, Tuning.DISTRIBUTED);
                        case "kraft-tuned" -> new KraftSide(workspace, address, Tuning.TUNED);
                        case "zookeeper" ->
                                new KafkaZooKeeperSide(workspace, address, Tuning.DISTRIBUTED);
                        case "zookeeper-tuned" ->
                                new KafkaZooKeeperSide(workspace, address, Tuning.TUNED);
                        default -> throw new IllegalArgumentException(peer);
                    });
        }
        return List.copyOf(sides);
    }
}
