package io.penstock.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

class SecretsTest {
    @TempDir Path folder;

    @Test
    void aSecretIsMadeOnceAndOnlyItsOwnerMayReadIt() throws IOException {
        var secrets = new Secrets(folder.resolve("secrets"));

        var first = secrets.password("one");

        assertThat(new Secrets(folder.resolve("secrets")).password("one")).isEqualTo(first);
        assertThat(secrets.password("two")).isNotEqualTo(first);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(secrets.file("one"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void theInstallationKeyHas32Bytes() {
        assertThat(Base64.getDecoder().decode(new Secrets(folder).key("key"))).hasSize(32);
    }

    @Test
    void aReadablePasswordIsEasyToType() {
        assertThat(new Secrets(folder).readablePassword("demo"))
                .matches("[a-z2-9]{4}(-[a-z2-9]{4}){3}");
    }
}
