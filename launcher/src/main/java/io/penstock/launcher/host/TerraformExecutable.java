package io.penstock.launcher.host;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.launcher.LaunchFailure;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Finds Terraform or OpenTofu: {@code PENSTOCK_TERRAFORM} when set, else the first of both on the
 * PATH.
 */
public final class TerraformExecutable {
    static final int[] OLDEST = {1, 9};
    private static final String ADVICE =
            "Install Terraform 1.9 or newer (https://developer.hashicorp.com/terraform/install) or OpenTofu"
                    + " (https://opentofu.org/docs/intro/install), or name one in PENSTOCK_TERRAFORM.";

    private TerraformExecutable() {}

    public static Path find(Map<String, String> environment) {
        return search(environment)
                .orElseThrow(
                        () ->
                                new LaunchFailure(
                                        "Neither Terraform nor OpenTofu was found.", ADVICE));
    }

    /** Fails unless the program runs and is new enough. */
    public static void check(Map<String, String> environment)
            throws IOException, InterruptedException {
        var program = find(environment);
        var output = version(program);
        if (!newEnough(output)) {
            throw new LaunchFailure(
                    "%s is version %s, which is too old.".formatted(program, output), ADVICE);
        }
    }

    static boolean newEnough(String version) {
        var parts = version.split("[.-]", 3);
        try {
            var major = Integer.parseInt(parts[0]);
            var minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
            return major > OLDEST[0] || (major == OLDEST[0] && minor >= OLDEST[1]);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String version(Path program) throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(program.toString(), "version", "-json")
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        // No question to the vendor's server whether there is a newer one.
        builder.environment().put("CHECKPOINT_DISABLE", "1");
        builder.environment().put("TF_CLI_CONFIG_FILE", "/dev/null");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new LaunchFailure("%s does not run.".formatted(program), ADVICE);
        }
        return new ObjectMapper().readTree(output).path("terraform_version").asText("unknown");
    }

    private static Optional<Path> search(Map<String, String> environment) {
        var named = environment.getOrDefault("PENSTOCK_TERRAFORM", "");
        if (!named.isBlank()) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        var folders = List.of(environment.getOrDefault("PATH", "").split(File.pathSeparator));
        return Stream.of("terraform", "tofu")
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
