package io.penstock.launcher.keycloak;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.installation.PrivateFiles;
import io.penstock.launcher.installation.Trees;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keycloak's files. Its optimization is made once per checkout; each installation runs on a copy of
 * its own, because a new build may replace the checkout's while Keycloak runs.
 */
final class KeycloakDistribution {
    /** Build-time options: they are compiled into the distribution and may not change at start. */
    static final List<String> OPTIONS =
            List.of(
                    "--db=postgres",
                    "--health-enabled=true",
                    "--http-management-health-enabled=false");

    private final Installation installation;
    private final Path folder;

    KeycloakDistribution(Installation installation, Path folder) {
        this.installation = installation;
        this.folder = folder;
    }

    Path home() {
        return folder.resolve("distribution-" + installation.build().keycloakVersion());
    }

    void prepare(Path log) throws IOException, InterruptedException {
        if (Files.exists(home())) {
            return;
        }
        var built = optimized(log);
        PrivateFiles.folder(folder);
        var staging = Files.createTempDirectory(folder, ".distribution-");
        Trees.replicate(built, staging, Trees.Transfer.LINK);
        Files.move(staging, home(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path optimized(Path log) throws IOException, InterruptedException {
        var target = installation.checkout().resolve("launcher/target/keycloak");
        var name = "keycloak-" + installation.build().keycloakVersion();
        var unpacked = target.resolve(name);
        if (!Files.exists(unpacked.resolve("bin/kc.sh"))) {
            throw new LaunchFailure(
                    "Keycloak's distribution was not unpacked into " + unpacked + ".",
                    "Build again with ./mvnw -pl launcher package.");
        }
        var optimized = target.resolve("optimized-" + installation.build().keycloakVersion());
        try (var channel =
                        FileChannel.open(
                                target.resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            if (lock.isValid() && !Files.exists(optimized)) {
                var staging = target.resolve("optimizing");
                Trees.delete(staging);
                Trees.replicate(unpacked, staging, Trees.Transfer.COPY);
                build(staging, log);
                Files.move(staging, optimized, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return optimized;
    }

    private void build(Path staging, Path log) throws IOException, InterruptedException {
        PrivateFiles.folder(log.getParent());
        var command = new ArrayList<>(List.of("bash", staging + "/bin/kc.sh", "build"));
        command.addAll(OPTIONS);
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("KC_"));
        builder.environment().put("JAVA_HOME", installation.javaHome().toString());
        builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m");
        var process = builder.start();
        if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new LaunchFailure(
                    "Keycloak's optimized build failed.",
                    "Its output is at the end of " + log + ".");
        }
    }
}
