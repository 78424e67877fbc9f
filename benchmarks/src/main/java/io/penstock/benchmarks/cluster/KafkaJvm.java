package io.penstock.benchmarks.cluster;

import io.penstock.benchmarks.Commands;
import io.penstock.benchmarks.Workspace;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How Apache Kafka's processes are run: the options of its own start scripts. */
final class KafkaJvm {

    private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(15);
    private static final List<String> PERFORMANCE =
            List.of(
                    "-server",
                    "-XX:+UseG1GC",
                    "-XX:MaxGCPauseMillis=20",
                    "-XX:InitiatingHeapOccupancyPercent=35",
                    "-XX:+ExplicitGCInvokesConcurrent",
                    "-Djava.awt.headless=true");
    private static final List<String> MANAGEMENT =
            List.of(
                    "-Dcom.sun.management.jmxremote=true",
                    "-Dcom.sun.management.jmxremote.authenticate=false",
                    "-Dcom.sun.management.jmxremote.ssl=false");

    private final Workspace workspace;
    private final String peer;
    private final String logging;

    /**
     * @param peer names the folder with the pom in {@code benchmarks/peers}
     * @param logging option that names the logging configuration
     */
    KafkaJvm(Workspace workspace, String peer, String logging) {
        this.workspace = workspace;
        this.peer = peer;
        this.logging = logging;
    }

    /** Lets Maven copy the peer's jars; nothing is asked of the network when they are there. */
    void provide() throws IOException, InterruptedException {
        Path libraries = workspace.peerLibraries(peer);
        Path pom = workspace.sources().resolve("peers").resolve(peer).resolve("pom.xml");
        Path root = workspace.checkout().resolve("pom.xml");
        Path provided = libraries.resolve("provided");
        String wanted = Files.readString(pom) + Files.readString(root).hashCode();
        if (Files.exists(provided) && Files.readString(provided).equals(wanted)) {
            return;
        }
        Folders.delete(libraries);
        Files.createDirectories(libraries);
        Commands.run(
                List.of(
                        workspace.checkout().resolve("mvnw").toString(),
                        "--batch-mode",
                        "--quiet",
                        "--file",
                        pom.toString(),
                        "dependency:copy-dependencies",
                        "-DincludeScope=runtime",
                        "-DoutputDirectory=" + libraries),
                Map.of(),
                DOWNLOAD_LIMIT);
        Files.writeString(provided, wanted);
    }

    List<String> command(
            String heap, List<String> options, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.add("-Xmx" + heap);
        command.add("-Xms" + heap);
        command.addAll(PERFORMANCE);
        command.addAll(MANAGEMENT);
        command.addAll(options);
        command.add(
                "-D"
                        + logging
                        + workspace.sources().resolve("peers").resolve(peer)
                        + "/logging.properties");
        command.add("-cp");
        command.add(classPath());
        command.add(mainClass);
        command.addAll(arguments);
        return List.copyOf(command);
    }

    /** Start from the trained cache, and the compiler that our brokers run with here. */
    List<String> tunedOptions() {
        return List.of("-XX:AOTCache=" + cache(), "-XX:TieredStopAtLevel=1");
    }

    boolean isTrained() {
        return Files.exists(cache());
    }

    Path cache() {
        return workspace.peerLibraries(peer).resolve("node.aot");
    }

    /** Named one by one in a fixed order, because an AOT cache fits one class path only. */
    private String classPath() {
        try (Stream<Path> files = Files.list(workspace.peerLibraries(peer))) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
