package io.penstock.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.launcher.LaunchFailure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class StateFolderTest {
    @TempDir Path folder;

    @Test
    void aFolderOfSomebodyElseIsNeitherTakenOverNorClosed() throws Exception {
        Files.createDirectory(folder.resolve("thesis"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(this::lock)
                .isInstanceOf(LaunchFailure.class)
                .hasMessageContaining("thesis");

        assertThat(folder).isDirectoryNotContaining("glob:**lock");
        assertThat(Files.getPosixFilePermissions(folder))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void anEmptyFolderAndOneOfOurOwnAreUsed() throws Exception {
        Files.writeString(folder.resolve("up.log"), "of whoever called");
        lock();
        Files.createDirectory(folder.resolve("clusters"));
        lock();
        Files.writeString(folder.resolve("settings.properties"), "console.port=8080");
        Files.createDirectory(folder.resolve("notes"));
        lock();

        assertThat(Files.getPosixFilePermissions(folder))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    private void lock() throws Exception {
        try (var nowhere = new PrintStream(OutputStream.nullOutputStream());
                var lock = InstallationLock.acquire(folder, nowhere)) {
            assertThat(folder.resolve("lock")).exists();
        }
    }
}
