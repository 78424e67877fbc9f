package io.penstock.launcher.installation;

import io.penstock.launcher.LaunchFailure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What belongs to Penstock in a state folder. A folder of somebody else, named by mistake in
 * PENSTOCK_HOME, is neither taken over nor closed to others.
 */
public final class StateFolder {
    /** What `reset` deletes. */
    public static final List<String> DATA =
            List.of(
                    "clusters",
                    "terraform",
                    "images",
                    "demo",
                    "control-plane",
                    "keycloak",
                    "postgresql",
                    "secrets",
                    "build.log",
                    "lock",
                    "settings.properties");

    private static final Set<String> OTHER = Set.of("benchmarks");
    private static final int NAMED = 3;

    private StateFolder() {}

    /**
     * Made by `penstock up`, or holding no folder that Penstock would not make itself. Files, such
     * as the output of `up`, say nothing of whose it is.
     */
    public static boolean isOurs(Path home) throws IOException {
        return Files.isRegularFile(Settings.file(home)) || foreign(home).isEmpty();
    }

    /**
     * @throws LaunchFailure when the folder is somebody else's
     */
    static void requireOurs(Path home) throws IOException {
        if (Files.exists(home) && !isOurs(home)) {
            throw new LaunchFailure(
                    "%s was not made by Penstock: it holds %s."
                            .formatted(home, String.join(", ", foreign(home))),
                    "Choose a new or an empty folder with PENSTOCK_HOME.");
        }
    }

    private static List<String> foreign(Path home) throws IOException {
        try (var entries = Files.list(home)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> !DATA.contains(name) && !OTHER.contains(name))
                    .sorted()
                    .limit(NAMED)
                    .toList();
        }
    }
}
