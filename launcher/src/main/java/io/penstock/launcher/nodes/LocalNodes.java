package io.penstock.launcher.nodes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.installation.PrivateFiles;
import io.penstock.launcher.process.ProcessTable;
import io.penstock.launcher.process.Signals;
import io.penstock.launcher.process.Waiting;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The supervisors of local nodes: {@code up} starts the missing ones, {@code down} stops them all.
 */
public final class LocalNodes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Installation installation;
    private final Path supervisor;

    public LocalNodes(Installation installation) {
        this.installation = installation;
        this.supervisor =
                installation
                        .checkout()
                        .resolve("terraform/modules/platform-local/bin/node-supervisor");
    }

    /** A node's folder, and what its {@code node.json} says that it should be. */
    public record Node(Path folder, boolean desiredRunning) {
        public Optional<Long> supervisor() {
            return ProcessTable.fromFile(folder.resolve("supervisor.pid"), folder.toString());
        }

        public Optional<Long> process() {
            return ProcessTable.fromFile(folder.resolve("node.pid"), folder.toString());
        }
    }

    /** Nodes may come and go meanwhile: the control plane makes and removes them. */
    public List<Node> list() throws IOException {
        var nodes = new ArrayList<Node>();
        for (var cluster : folders(installation.clusters())) {
            for (var folder : folders(cluster)) {
                read(folder).ifPresent(nodes::add);
            }
        }
        return nodes;
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (var entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException | UncheckedIOException gone) {
            return List.of();
        }
    }

    /** A file that cannot be understood asks for nothing to run, as its supervisor reads it. */
    private static Optional<Node> read(Path folder) throws IOException {
        try {
            var description = JSON.readTree(Files.readString(folder.resolve("node.json")));
            return Optional.of(
                    new Node(folder, description.path("desired").asText().equals("running")));
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return Optional.empty();
        } catch (JsonProcessingException | CharacterCodingException broken) {
            return Optional.of(new Node(folder, false));
        }
    }

    /** Starts a supervisor for each node that should run and has none; answers how many. */
    public int startMissing() throws IOException, InterruptedException {
        var started = new ArrayList<Node>();
        for (var node : list()) {
            if (node.desiredRunning() && node.supervisor().isEmpty()) {
                start(node);
                started.add(node);
            }
        }
        for (var node : started) {
            if (!Waiting.until(PATIENCE, () -> node.supervisor().isPresent())) {
                throw new LaunchFailure(
                        "The supervisor of the node %s did not start.".formatted(node.folder()),
                        "See " + node.folder().resolve("log/supervisor.log") + ".");
            }
        }
        return started.size();
    }

    /**
     * Stops every supervisor and with it its node, all at once; what does not obey in time is
     * killed.
     */
    public int stopAll() throws IOException, InterruptedException {
        var supervisors = processes("node-supervisor");
        for (var pid : supervisors) {
            Signals.send(pid, "TERM");
        }
        Waiting.until(PATIENCE, () -> processes("node-supervisor").isEmpty());
        for (var pid : processes("node-supervisor")) {
            Signals.send(pid, "KILL");
        }
        for (var pid : processes("NodeMain")) {
            Signals.send(pid, "TERM");
        }
        if (!Waiting.until(Duration.ofSeconds(30), () -> processes("NodeMain").isEmpty())) {
            for (var pid : processes("NodeMain")) {
                Signals.send(pid, "KILL");
            }
        }
        return supervisors.size();
    }

    /**
     * Waits for Terraform runs that outlive the control plane: they save their state before they
     * end.
     */
    public boolean awaitTerraform(Duration limit) throws InterruptedException {
        var folder = installation.home().resolve("terraform") + "/";
        var self = ProcessHandle.current().pid();
        return Waiting.until(
                limit,
                () ->
                        ProcessTable.matching(
                                        line ->
                                                line.contains(folder)
                                                        && line.toLowerCase(Locale.ROOT)
                                                                .contains("runner"))
                                .stream()
                                .allMatch(pid -> pid == self));
    }

    private List<Long> processes(String program) {
        var clusters = installation.clusters() + "/";
        return ProcessTable.matching(line -> line.contains(clusters) && line.contains(program));
    }

    private void start(Node node) throws IOException {
        if (!Files.isExecutable(supervisor)) {
            throw new LaunchFailure(
                    "The program %s is missing.".formatted(supervisor),
                    "It belongs to the checkout: restore it with git.");
        }
        var log = PrivateFiles.folder(node.folder().resolve("log")).resolve("supervisor.log");
        var builder =
                new ProcessBuilder("setsid", supervisor.toString(), node.folder().toString())
                        .directory(node.folder().toFile())
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("PENSTOCK_HOME", installation.home().toString());
        builder.environment().put("PENSTOCK_JAVA_HOME", installation.javaHome().toString());
        builder.environment().put("JAVA_HOME", installation.javaHome().toString());
        builder.start();
    }
}
