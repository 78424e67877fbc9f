package io.penstock.provisioner.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.provisioner.nodes.NodeRole;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;

class ClusterAuthorityTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final NodeIdentity BROKER =
            new NodeIdentity(
                    "clu_1", "broker-0", NodeRole.BROKER, "127.99.0.10", List.of("broker-0.local"));

    private final ClusterAuthority authority = ClusterAuthority.create("clu_1", CLOCK);

    @Test
    void aNodeGetsTheNameThatTheControlPlaneDecidesAndNotTheOneItAsksFor() throws Exception {
        KeyPair pair = keyPair("secp256r1");

        X509Certificate certificate =
                Pem.certificate(
                        authority.sign(request(pair, "CN=x,OU=control-plane,O=clu_2"), BROKER));

        certificate.verify(authority.certificate().getPublicKey());
        assertThat(certificate.getPublicKey()).isEqualTo(pair.getPublic());
        assertThat(certificate.getSubjectX500Principal().getName())
                .isEqualTo("CN=broker-0,OU=broker,O=clu_1");
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        assertThat(names)
                .extracting(name -> name.get(1).toString())
                .containsExactlyInAnyOrder("127.99.0.10", "broker-0.local");
        assertThat(certificate.getBasicConstraints()).as("is no authority").isEqualTo(-1);
        assertThat(certificate.getExtendedKeyUsage())
                .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getNotAfter()).isEqualTo(NOW.plus(Duration.ofDays(365)));
        assertThat(certificate.getNotBefore()).isBefore(NOW);
    }

    @Test
    void theSubjectMatchesTheBrokersPrincipalMapping() throws Exception {
        X509Certificate certificate =
                Pem.certificate(authority.sign(request(keyPair("secp256r1"), "CN=x"), BROKER));
        assertThat(certificate.getSubjectX500Principal().getName())
                .matches("^CN=[^,]+,OU=(broker|control-plane),.*$");
        PemIdentity controlPlane =
                authority.clientIdentity(
                        "control-plane", "control-plane", "clu_1", Duration.ofHours(1));
        X509Certificate client = Pem.certificate(controlPlane.certificatePem());
        assertThat(client.getSubjectX500Principal().getName())
                .isEqualTo("CN=control-plane,OU=control-plane,O=clu_1");
        assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(client.getNotAfter()).isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(
                        KeyPairs.belongTogether(
                                Pem.privateKey(controlPlane.privateKeyPem()),
                                client.getPublicKey()))
                .isTrue();
    }

    @Test
    void anAuthorityIsReadBackAndGoesOnSigning() throws Exception {
        ClusterAuthority read = ClusterAuthority.of(authority.identity(), CLOCK);

        X509Certificate certificate =
                Pem.certificate(read.sign(request(keyPair("secp256r1"), "CN=x"), BROKER));

        certificate.verify(authority.certificate().getPublicKey());
        assertThat(authority.certificate().getBasicConstraints()).isZero();
        assertThat(authority.certificate().getNotAfter())
                .isEqualTo(NOW.plus(Duration.ofDays(3650)));
    }

    @Test
    void aKeyOfAnotherAuthorityIsRefused() {
        PemIdentity mixed =
                new PemIdentity(
                        ClusterAuthority.create("clu_2", CLOCK).identity().privateKeyPem(),
                        authority.certificatePem());

        assertThatThrownBy(() -> ClusterAuthority.of(mixed, CLOCK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not belong");
    }

    @Test
    void requestsThatAreNotSignedWithTheirOwnKeyAreRefused() throws Exception {
        KeyPair pair = keyPair("secp256r1");
        PKCS10CertificationRequest forged =
                new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(keyPair("secp256r1").getPrivate()));

        assertThatThrownBy(() -> authority.sign(pem(forged), BROKER))
                .isInstanceOf(InvalidSigningRequestException.class)
                .hasMessageContaining("not signed with its own key");
    }

    @Test
    void otherKeysAndGarbageAreRefused() throws Exception {
        String other = request(keyPair("secp384r1"), "CN=x");
        assertThatThrownBy(() -> authority.sign(other, BROKER))
                .isInstanceOf(InvalidSigningRequestException.class)
                .hasMessageContaining("P-256");
        String broken =
                request(keyPair("secp256r1"), "CN=x").replaceFirst("M[A-Za-z0-9]{20}", "MAAAAAAA");
        for (String garbage :
                List.of("", "garbage", authority.certificatePem(), broken, "x".repeat(20_000))) {
            assertThatThrownBy(() -> authority.sign(garbage, BROKER))
                    .isInstanceOf(InvalidSigningRequestException.class);
        }
    }

    @Test
    void keysAndTokensStayOutOfLogs() {
        EnrolmentToken token = EnrolmentToken.generate();
        assertThat(authority.identity().toString()).doesNotContain("PRIVATE KEY");
        assertThat(token.toString()).doesNotContain(token.value());
    }

    @Test
    void aTokenMatchesItsOwnHashOnly() {
        EnrolmentToken token = EnrolmentToken.generate();

        assertThat(token.value()).hasSize(43);
        assertThat(new EnrolmentToken(token.value()).matches(token.hash())).isTrue();
        assertThat(EnrolmentToken.generate().matches(token.hash())).isFalse();
        assertThat(new EnrolmentToken("").matches(token.hash())).isFalse();
    }

    static KeyPair keyPair(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    static String request(KeyPair pair, String subject) throws Exception {
        return pem(
                new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), pair.getPublic())
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(pair.getPrivate())));
    }

    private static String pem(PKCS10CertificationRequest request) throws Exception {
        java.io.StringWriter text = new java.io.StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject("CERTIFICATE REQUEST", request.getEncoded()));
        }
        return text.toString();
    }
}
