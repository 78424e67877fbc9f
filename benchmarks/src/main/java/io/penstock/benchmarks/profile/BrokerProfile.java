package io.penstock.benchmarks.profile;

import io.penstock.benchmarks.Commands;
import io.penstock.benchmarks.measure.LinuxProcesses;
import io.penstock.benchmarks.measure.Meter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the brokers' CPU goes between start and stop: by group of threads as the kernel counts
 * them, compiler and collector included, and by method as JFR samples it. The recordings stay for a
 * closer look.
 */
public final class BrokerProfile {

    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
    private static final String RECORDING = "race";
    private static final int SHOWN_METHODS = 20;

    private final List<Meter.Watched> brokers;
    private final Path folder;
    private final Map<String, Double> before;

    private BrokerProfile(List<Meter.Watched> brokers, Path folder) {
        this.brokers = brokers;
        this.folder = folder;
        this.before = threads();
    }

    public static BrokerProfile start(List<Meter.Watched> side, Path folder)
            throws IOException, InterruptedException {
        List<Meter.Watched> brokers = side.stream().filter(Meter.Watched::broker).toList();
        Files.createDirectories(folder);
        for (Meter.Watched broker : brokers) {
            jcmd(
                    broker,
                    "JFR.start",
                    "name=" + RECORDING,
                    "settings=profile",
                    "jdk.CPUTimeSample#enabled=true",
                    "jdk.CPUTimeSample#throttle=10ms");
        }
        return new BrokerProfile(brokers, folder);
    }

    /** The profile as text. A broker that ended meanwhile has no recording. */
    public String stop() throws IOException, InterruptedException {
        Map<String, Double> shares = ThreadGroups.shares(before, threads());
        HotMethods methods = new HotMethods();
        for (Meter.Watched broker : brokers) {
            if (ProcessHandle.of(broker.pid()).isPresent()) {
                Path file = folder.resolve(broker.name() + ".jfr");
                jcmd(broker, "JFR.stop", "name=" + RECORDING, "filename=" + file);
                methods.add(file);
            }
        }
        StringBuilder text = new StringBuilder("Broker CPU by thread group, recordings in ");
        text.append(folder).append('\n');
        shares.forEach((group, percent) -> line(text, percent, group));
        text.append("by method, of ").append(methods.total()).append(" samples\n");
        methods.most(SHOWN_METHODS)
                .forEach(method -> line(text, method.getValue(), method.getKey()));
        return text.toString();
    }

    private static void line(StringBuilder text, double percent, String what) {
        text.append(String.format(Locale.ROOT, "  %5.1f %%  %s%n", percent, what));
    }

    /** All brokers' together, because their threads have the same names. */
    private Map<String, Double> threads() {
        Map<String, Double> all = new HashMap<>();
        for (Meter.Watched broker : brokers) {
            LinuxProcesses.threads(broker.pid())
                    .forEach((name, seconds) -> all.merge(name, seconds, Double::sum));
        }
        return all;
    }

    private static void jcmd(Meter.Watched broker, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/jcmd");
        command.add("" + broker.pid());
        command.addAll(List.of(arguments));
        Commands.run(command, Map.of(), COMMAND_LIMIT);
    }
}
