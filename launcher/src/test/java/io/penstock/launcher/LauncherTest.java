package io.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is said when the state folder is of no use. */
class LauncherTest {
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    @TempDir Path folder;

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
        System.setProperty("penstock.checkout", folder.resolve("checkout").toString());
    }

    @AfterEach
    void stopListening() {
        System.setErr(before);
        System.clearProperty("penstock.checkout");
        System.clearProperty("penstock.home");
    }

    @Test
    void aFolderThatCannotBeMadeIsSaidWithoutAStackTrace() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "no folder");

        assertThat(launcher(file.resolve("home"), "up")).isEqualTo(1);

        assertThat(said()).contains(file.toString(), "PENSTOCK_HOME").doesNotContain("\tat ");
    }

    @Test
    void aFileInPlaceOfTheFolderIsSaidWithoutAStackTrace() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "no folder");

        assertThat(launcher(file, "up")).isEqualTo(1);

        assertThat(said()).contains(file + ": it is no folder").doesNotContain("\tat ");
    }

    private static int launcher(Path home, String command) {
        System.setProperty("penstock.home", home.toString());
        return Launcher.run(List.of(command));
    }

    private String said() {
        return error.toString(StandardCharsets.UTF_8);
    }
}
