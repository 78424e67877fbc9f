package io.penstock.launcher.pki;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

class InstallationAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    @TempDir Path folder;

    @Test
    void theServersCertificateIsSignedByTheAuthorityAndNamesTheLoopback() throws Exception {
        var authority = at(NOW);

        authority.ensure();

        var server = read(authority.serverCertificate());
        server.verify(read(authority.authorityCertificate()).getPublicKey());
        assertThat(server.getSubjectAlternativeNames().stream().map(name -> name.get(1)))
                .map(Object::toString)
                .containsExactlyInAnyOrder("127.0.0.1", "localhost");
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(read(authority.authorityCertificate()).getBasicConstraints()).isZero();
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(authority.serverKey())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(authority.serverKey()))
                .startsWith("-----BEGIN PRIVATE KEY-----");
    }

    @Test
    void onlyAnAgeingServerCertificateIsMadeAnewAndTheAuthorityStays() throws Exception {
        at(NOW).ensure();
        var authority = Files.readString(at(NOW).authorityCertificate());
        var server = Files.readString(at(NOW).serverCertificate());

        at(NOW.plus(Duration.ofDays(200))).ensure();
        assertThat(at(NOW).serverCertificate()).hasContent(server);

        at(NOW.plus(Duration.ofDays(300))).ensure();
        assertThat(Files.readString(at(NOW).serverCertificate())).isNotEqualTo(server);
        assertThat(Files.readString(at(NOW).authorityCertificate())).isEqualTo(authority);
        read(at(NOW).serverCertificate())
                .verify(read(at(NOW).authorityCertificate()).getPublicKey());
    }

    private InstallationAuthority at(Instant now) {
        return new InstallationAuthority(folder, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static X509Certificate read(Path file) throws IOException, GeneralSecurityException {
        try (var input = Files.newInputStream(file)) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(input);
        }
    }
}
