package io.penstock.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class TreesTest {
    @TempDir Path folder;

    @Test
    void deletingNeverFollowsALink() throws IOException {
        var precious =
                Files.writeString(
                        Files.createDirectory(folder.resolve("precious")).resolve("file"), "x");
        var doomed = Files.createDirectory(folder.resolve("doomed"));
        Files.createSymbolicLink(doomed.resolve("link"), precious.getParent());
        Files.writeString(doomed.resolve("file"), "y");

        Trees.delete(doomed);

        assertThat(doomed).doesNotExist();
        assertThat(precious).hasContent("x");
    }

    @Test
    void aCopyIsNotTouchedByLaterWritesToItsSource() throws IOException {
        var source = Files.createDirectories(folder.resolve("source/deep"));
        Files.writeString(source.resolve("jar"), "old");

        Trees.replicate(folder.resolve("source"), folder.resolve("copy"), Trees.Transfer.COPY);
        Files.writeString(source.resolve("jar"), "new");

        assertThat(folder.resolve("copy/deep/jar")).hasContent("old");
    }

    @Test
    void aFolderOfOtherContentHasAnotherDigest() throws IOException {
        var source = Files.createDirectories(folder.resolve("digested"));
        Files.writeString(source.resolve("a"), "1");
        var before = FolderDigest.of(source);

        assertThat(FolderDigest.of(source)).isEqualTo(before);
        Files.writeString(source.resolve("a"), "2");
        assertThat(FolderDigest.of(source)).isNotEqualTo(before);
    }
}
