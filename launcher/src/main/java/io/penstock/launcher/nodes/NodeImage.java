package io.penstock.launcher.nodes;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.FolderDigest;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.installation.PrivateFiles;
import io.penstock.launcher.installation.Trees;
import io.penstock.launcher.process.ProcessTable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The image of local nodes: {@code images/<version>} points at a copy of the broker's jars. The
 * jars are copied rather than linked, since a build overwrites a jar in place, under the processes
 * that have it open.
 */
public final class NodeImage {
    private static final String CACHE = "node.aot";

    private final Installation installation;

    public NodeImage(Installation installation) {
        this.installation = installation;
    }

    public void publish() throws IOException {
        var dist = installation.checkout().resolve("data-plane-broker/target/dist");
        var jars = dist.resolve("lib");
        if (!Files.isDirectory(jars)) {
            throw new LaunchFailure("The broker is not built.", "Build it with ./mvnw package.");
        }
        var images = PrivateFiles.folder(installation.images());
        var version = installation.build().version();
        var name = version + "-" + FolderDigest.of(jars);
        var image = images.resolve(name);
        if (!Files.exists(image)) {
            var staging = Files.createTempDirectory(images, ".copying-");
            Trees.replicate(jars, staging.resolve("lib"), Trees.Transfer.COPY);
            if (Files.exists(dist.resolve(CACHE))) {
                // It fits jars of the same names, sizes and times, wherever they lie.
                Trees.replicate(dist.resolve(CACHE), staging.resolve(CACHE), Trees.Transfer.COPY);
            }
            Files.move(staging, image, StandardCopyOption.ATOMIC_MOVE);
        }
        point(images.resolve(version), Path.of(name));
        removeUnused(images, version, name);
    }

    private static void point(Path link, Path target) throws IOException {
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
            return;
        }
        var staging = link.resolveSibling("." + link.getFileName() + ".link");
        Files.deleteIfExists(staging);
        Files.createSymbolicLink(staging, target);
        Files.move(staging, link, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A node keeps the image that it started on until it starts again. */
    private static void removeUnused(Path images, String version, String current)
            throws IOException {
        try (var entries = Files.list(images)) {
            for (var entry : entries.toList()) {
                var name = entry.getFileName().toString();
                if (name.startsWith(version + "-")
                        && !name.equals(current)
                        && ProcessTable.matching(line -> line.contains(entry + "/")).isEmpty()) {
                    Trees.delete(entry);
                }
            }
        }
    }
}
