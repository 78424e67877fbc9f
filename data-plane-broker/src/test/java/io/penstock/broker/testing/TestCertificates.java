package io.penstock.broker.testing;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** A certificate authority of its own, and the PEM files of whom it vouches for. */
public final class TestCertificates {

    private static final Duration VALIDITY = Duration.ofHours(1);

    private final Path folder;
    private final X500Name name;
    private final KeyPair keys;
    private final Path certificate;
    private long serial = 1;

    private TestCertificates(Path folder, String name) throws Exception {
        this.folder = folder;
        this.name = new X500Name(name);
        this.keys = newKeys();
        X509CertificateHolder holder =
                builder(this.name, keys)
                        .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(keys.getPrivate()));
        this.certificate = write("ca.pem", pem(holder));
    }

    public static TestCertificates in(Path folder) throws Exception {
        return new TestCertificates(Files.createDirectories(folder), "CN=test authority");
    }

    /** The authority's certificate. */
    public Path authority() {
        return certificate;
    }

    /** A file with key and chain, for the address 127.0.0.1. */
    public Path identity(String fileName, String subject) throws Exception {
        KeyPair own = newKeys();
        X509CertificateHolder holder =
                builder(new X500Name(subject), own)
                        .addExtension(
                                Extension.subjectAlternativeName,
                                false,
                                new GeneralNames(
                                        new GeneralName(GeneralName.iPAddress, "127.0.0.1")))
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(keys.getPrivate()));
        String key =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes())
                                .encodeToString(own.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";
        return write(fileName, key + pem(holder) + Files.readString(certificate));
    }

    private JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair subjectKeys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(serial++),
                Date.from(now.minus(Duration.ofMinutes(5))),
                Date.from(now.plus(VALIDITY)),
                subject,
                subjectKeys.getPublic());
    }

    private static KeyPair newKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    private Path write(String fileName, String text) throws IOException {
        return Files.writeString(folder.resolve(fileName), text);
    }
}
