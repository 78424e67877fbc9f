package io.penstock.launcher.postgresql;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.PrivateFiles;

import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** PostgreSQL's programs, unpacked once per version from the archive on the class path. */
record PostgresqlBinaries(Path folder) {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    void unpack() throws IOException {
        if (Files.exists(program("postgres"))) {
            return;
        }
        PrivateFiles.folder(folder.getParent());
        var staging = Files.createTempDirectory(folder.getParent(), ".unpacking-");
        try (InputStream archive = PostgresqlBinaries.class.getResourceAsStream(ARCHIVE)) {
            if (archive == null) {
                throw new LaunchFailure(
                        "The archive of PostgreSQL is not on the launcher's class path.",
                        "Build again with ./mvnw -pl launcher package.");
            }
            extract(
                    new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive))),
                    staging);
        }
        Files.move(staging, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void extract(TarArchiveInputStream tar, Path target) throws IOException {
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            var file = target.resolve(entry.getName()).normalize();
            if (!file.startsWith(target)) {
                throw new IOException(
                        "The archive's entry " + entry.getName() + " leaves its folder");
            }
            if (entry.isDirectory()) {
                Files.createDirectories(file);
                continue;
            }
            Files.createDirectories(file.getParent());
            if (entry.isSymbolicLink()) {
                Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            } else if (entry.isLink()) {
                Files.createLink(file, target.resolve(entry.getLinkName()).normalize());
            } else {
                Files.copy(tar, file);
                if ((entry.getMode() & 0100) != 0) {
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }
}
