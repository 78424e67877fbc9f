package io.penstock.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class ShellWordTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/home/anna/.penstock/demo",
                "/home/anna/my state/demo",
                "it's $HOME; rm \"x\" `y` \\ *",
                ""
            })
    void aShellReadsWhatWasMeant(String text) throws Exception {
        var shell =
                new ProcessBuilder("sh", "-c", "printf %s " + ShellWord.of(text))
                        .redirectErrorStream(true)
                        .start();

        var read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        assertThat(read).isEqualTo(text);
    }
}
