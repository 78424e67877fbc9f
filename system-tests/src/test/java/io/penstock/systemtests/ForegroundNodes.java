package io.penstock.systemtests;

import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** Processes of {@code broker FILE} and {@code zookeeper FILE}, which end with the test. */
final class ForegroundNodes implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path folder;
    private final List<Process> started = new ArrayList<>();

    /**
     * @param folder in which the files are, and the nodes run
     */
    ForegroundNodes(Path folder) {
        this.folder = folder;
    }

    /**
     * Its output is added to a file of the command's name.
     *
     * @param command of the script
     * @param file in the folder
     */
    Process start(String command, String file) throws IOException {
        var checkout = Path.of(System.getProperty("penstock.checkout")).toAbsolutePath();
        var process =
                new ProcessBuilder(
                                checkout.normalize().resolve("penstock").toString(), command, file)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(command).toFile()))
                        .start();
        started.add(process);
        return process;
    }

    String output(String command) throws IOException {
        return Files.readString(log(command));
    }

    private Path log(String command) {
        return folder.resolve(command + ".log");
    }

    /** Waits until so many brokers are there for such a client. */
    static void awaitBrokers(Properties client, int count) {
        await(count + " brokers")
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(
                        () -> {
                            try (var admin = Admin.create(client)) {
                                return admin.describeCluster()
                                                .nodes()
                                                .get(20, TimeUnit.SECONDS)
                                                .size()
                                        == count;
                            }
                        });
    }

    /** The last one first. */
    @Override
    public void close() throws InterruptedException {
        for (var process : started.reversed()) {
            process.destroy();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }
}
