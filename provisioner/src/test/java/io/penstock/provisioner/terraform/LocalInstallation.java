package io.penstock.provisioner.terraform;

import io.penstock.broker.app.NodeMain;
import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.nodes.NodePlacement;
import io.penstock.provisioner.pki.EnrolmentToken;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** A state folder with two image versions of the stand-in node, and what its processes are. */
final class LocalInstallation implements AutoCloseable {
    static final String VERSION = "1.0.0";
    static final String NEXT_VERSION = "1.0.1";
    static final Path MODULES = Path.of("..", "terraform", "modules").toAbsolutePath().normalize();

    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(3);

    private final Path home;

    LocalInstallation(Path folder) throws IOException {
        this.home = folder.toRealPath().resolve("home");
        for (String version : List.of(VERSION, NEXT_VERSION)) {
            Path image = home.resolve("images").resolve(version + "-digest");
            Files.createDirectories(image.resolve("lib"));
            writeNodeJar(image.resolve("lib").resolve("node.jar"));
            Files.createSymbolicLink(home.resolve("images").resolve(version), image);
        }
    }

    Path home() {
        return home;
    }

    Path nodeFolder(String clusterId, String nodeName) {
        return clusterFolder(clusterId).resolve(nodeName);
    }

    Path clusterFolder(String clusterId) {
        return home.resolve("clusters").resolve(clusterId);
    }

    /** A supervisor, or the node itself. */
    record NodeProcess(ProcessHandle handle, boolean supervisor, String folder) {}

    /** Everything that runs for this cluster now. */
    List<NodeProcess> processes(String clusterId) {
        String prefix = clusterFolder(clusterId) + "/";
        List<NodeProcess> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .forEach(
                        handle -> {
                            List<String> line = commandLine(handle);
                            Optional<String> folder =
                                    line.stream()
                                            .filter(word -> word.startsWith(prefix))
                                            .findFirst();
                            boolean node = line.contains(NodeMain.class.getName());
                            boolean supervisor =
                                    line.stream()
                                            .anyMatch(word -> word.endsWith("/node-supervisor"));
                            if (folder.isPresent()
                                    && (node || supervisor)
                                    && !isFork(handle, line)) {
                                found.add(new NodeProcess(handle, supervisor, folder.get()));
                            }
                        });
        return found;
    }

    List<Long> nodes(String clusterId) {
        return processes(clusterId).stream()
                .filter(process -> !process.supervisor())
                .map(process -> process.handle().pid())
                .sorted()
                .toList();
    }

    List<Long> supervisors(String clusterId) {
        return processes(clusterId).stream()
                .filter(NodeProcess::supervisor)
                .map(process -> process.handle().pid())
                .sorted()
                .toList();
    }

    /** How a driver call ended. */
    record DriverResult(int status, String output) {}

    DriverResult driver(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(MODULES.resolve("platform-local/bin/node-driver").toString());
        line.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("PENSTOCK_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        // Ends when the last holder of the pipe does: a supervisor that kept it would hang this
        // test.
        String output =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(COMMAND_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the driver does not end: " + output);
        }
        return new DriverResult(process.exitValue(), output);
    }

    static ClusterLayout layout(String clusterId, int subnet, String version) {
        List<NodePlacement> brokers = new ArrayList<>();
        for (int id = 0; id < 2; id++) {
            brokers.add(
                    NodePlacement.broker(
                            id, "a", "127.99." + subnet + "." + (10 + id), version, 64, 1));
        }
        return new ClusterLayout(
                clusterId,
                "127.99." + subnet + ".0/26",
                List.of(NodePlacement.zooKeeper(1, "a", "127.99." + subnet + ".5", version, 64, 1)),
                brokers);
    }

    static PlatformInput input(ClusterLayout layout, Map<String, EnrolmentToken> tokens) {
        return new PlatformInput(
                layout,
                tokens,
                "https://127.0.0.1:8443/enrol/v1/nodes",
                "ab".repeat(32),
                Path.of(System.getProperty("java.home")));
    }

    static Map<String, EnrolmentToken> tokens(ClusterLayout layout) {
        Map<String, EnrolmentToken> tokens = new HashMap<>();
        layout.nodes().forEach(node -> tokens.put(node.name(), EnrolmentToken.generate()));
        return tokens;
    }

    /** Ends whatever a failed test has left. */
    @Override
    public void close() throws IOException {
        Path clusters = home.resolve("clusters");
        if (!Files.isDirectory(clusters)) {
            return;
        }
        try (Stream<Path> folders = Files.list(clusters)) {
            for (Path folder : folders.toList()) {
                driver(Map.of(), "sweep", folder.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> commandLine(ProcessHandle handle) {
        try {
            byte[] line =
                    Files.readAllBytes(Path.of("/proc", Long.toString(handle.pid()), "cmdline"));
            return List.of(new String(line, java.nio.charset.StandardCharsets.UTF_8).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A subshell shows its parent's command line. */
    private static boolean isFork(ProcessHandle handle, List<String> line) {
        return handle.parent().map(parent -> commandLine(parent).equals(line)).orElse(false);
    }

    private static void writeNodeJar(Path jar) throws IOException {
        String entry = NodeMain.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream archive = new JarOutputStream(file);
                InputStream code = NodeMain.class.getClassLoader().getResourceAsStream(entry)) {
            archive.putNextEntry(new JarEntry(entry));
            code.transferTo(archive);
            archive.closeEntry();
        }
    }
}
