package io.penstock.provisioner.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the module's own tests, with every way to the network closed. */
class PlatformLocalModuleTest {
    @TempDir Path folder;

    @Test
    void theModulesTestsPassOffline() throws Exception {
        Path module = copyOfModule();
        Files.writeString(
                folder.resolve("terraform.rc"),
                "disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = \"%s\"\n  }\n}\n"
                        .formatted(folder.resolve("no-providers")));

        terraform(module, "init", "-input=false", "-no-color");

        assertThat(terraform(module, "test", "-no-color"))
                .contains("Success!")
                .contains(" 0 failed");
        assertThat(
                        terraform(
                                module,
                                "fmt",
                                "-check",
                                "-recursive",
                                LocalInstallation.MODULES.toString()))
                .isEmpty();
    }

    private Path copyOfModule() throws IOException {
        Path source = LocalInstallation.MODULES.resolve("platform-local");
        Path copy = folder.resolve("platform-local");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file :
                    files.filter(path -> !path.toString().contains(".terraform")).toList()) {
                Files.copy(file, copy.resolve(source.relativize(file)));
            }
        }
        return copy;
    }

    private String terraform(Path module, String... arguments) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                                Stream.concat(Stream.of("terraform"), Stream.of(arguments))
                                        .toList())
                        .directory(module.toFile())
                        .redirectErrorStream(true);
        builder.environment().put("TF_CLI_CONFIG_FILE", folder.resolve("terraform.rc").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
