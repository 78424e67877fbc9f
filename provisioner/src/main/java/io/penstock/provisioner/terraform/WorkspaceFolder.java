package io.penstock.provisioner.terraform;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;

/**
 * The folder {@code terraform/<cluster id>} of the state folder: the root module and the records of
 * runs.
 */
final class WorkspaceFolder {
    static final String EMPTY_STATE = "empty.tfstate.json";

    private static final String CLI_CONFIGURATION = "terraform.rc";
    private static final String RUNNER = "runner";

    private final Path home;
    private final Path folder;
    private final Path module;
    private final String clusterId;

    WorkspaceFolder(TerraformSettings settings, String clusterId) {
        try {
            this.home = settings.home().toRealPath();
            this.module =
                    settings.modules().toRealPath().resolve("platform-" + settings.platform());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the state folder and the folder of Terraform modules must exist: " + settings,
                    e);
        }
        if (!Files.isDirectory(module)) {
            throw new IllegalArgumentException("no platform module " + module);
        }
        this.clusterId = clusterId;
        this.folder = home.resolve("terraform").resolve(clusterId);
    }

    Path path() {
        return folder;
    }

    Path home() {
        return home;
    }

    Path runner() {
        return folder.resolve(RUNNER);
    }

    Path cliConfiguration() {
        return folder.resolve(CLI_CONFIGURATION);
    }

    /** A name that no other run has; the file is made by the runner. */
    Path newOutput() {
        return folder.resolve("run-" + UUID.randomUUID() + ".log");
    }

    /**
     * Relative, because Terraform treats only such a source as a local folder rather than a
     * package.
     */
    String moduleSource() {
        String relative = folder.relativize(module).toString();
        return relative.startsWith("..") ? relative : "./" + relative;
    }

    /** Ends and removes whatever bears the cluster's id on this platform. */
    List<String> sweep() {
        return List.of(
                module.resolve("bin").resolve("node-driver").toString(),
                "sweep",
                home.resolve("clusters").resolve(clusterId).toString());
    }

    void write(RootModule root) {
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            replace("main.tf.json", root.json());
            replace(
                    CLI_CONFIGURATION,
                    """
                    disable_checkpoint = true
                    provider_installation {
                      filesystem_mirror {
                        path = "%s"
                      }
                    }
                    """
                            .formatted(home.resolve("terraform-providers")));
            try (InputStream script = WorkspaceFolder.class.getResourceAsStream("runner.sh")) {
                replace(RUNNER, new String(script.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be written", e);
        }
    }

    void writeEmptyState() {
        try {
            replace(
                    EMPTY_STATE,
                    """
                    {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "%s", "outputs": {}, "resources": []}
                    """
                            .formatted(UUID.randomUUID()));
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be written", e);
        }
    }

    void delete() {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path directory, IOException failure) throws IOException {
                            Files.deleteIfExists(directory);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be deleted", e);
        }
    }

    /** By renaming, so that a run that reads the file now sees either the old or the new one. */
    private void replace(String name, String content) throws IOException {
        Path written = Files.createTempFile(folder, name, ".new");
        Files.writeString(written, content);
        Files.move(written, folder.resolve(name), ATOMIC_MOVE, REPLACE_EXISTING);
    }
}
