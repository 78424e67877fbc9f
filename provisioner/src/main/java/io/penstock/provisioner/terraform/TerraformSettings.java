package io.penstock.provisioner.terraform;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What is the same for all clusters of an installation.
 *
 * @param executable Terraform or OpenTofu; a bare name is looked up in the PATH
 * @param modules folder with {@code platform-local} and its siblings
 * @param platform for example {@code local}
 * @param databaseUrl {@code postgres://user:password@host:port/database?…} of the state: a secret
 * @param home the installation's state folder
 * @param applyLimit longest an apply or a destroy may take before it is interrupted
 */
public record TerraformSettings(
        String executable,
        Path modules,
        String platform,
        String databaseUrl,
        Path home,
        Duration applyLimit) {
    public TerraformSettings {
        if (!platform.matches("[a-z]+")) {
            throw new IllegalArgumentException("not a platform: " + platform);
        }
    }

    /** Without the database's password, so that the settings may turn up in a log. */
    @Override
    public String toString() {
        return "TerraformSettings[executable=%s, modules=%s, platform=%s, home=%s, applyLimit=%s]"
                .formatted(executable, modules, platform, home, applyLimit);
    }
}
