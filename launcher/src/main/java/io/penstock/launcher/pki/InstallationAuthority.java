package io.penstock.launcher.pki;

import io.penstock.launcher.installation.PrivateFiles;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/**
 * The installation's own CA and the certificate of the enrolment port. Nodes pin the CA, so it
 * lives for ten years; the server's certificate is made anew when less than a third of its life is
 * left.
 */
public final class InstallationAuthority {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration SERVER_LIFE = Duration.ofDays(365);
    private static final Duration BACKDATED = Duration.ofHours(1);

    private final Path folder;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public InstallationAuthority(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    public Path authorityCertificate() {
        return folder.resolve("enrolment-ca.pem");
    }

    /** The server's certificate and its authority's: nodes look for the latter in the chain. */
    public Path serverCertificate() {
        return folder.resolve("enrolment-server.pem");
    }

    public Path serverKey() {
        return folder.resolve("enrolment-server.key");
    }

    /** Makes what is missing, and renews the server's certificate when its end is near. */
    public void ensure() throws IOException {
        try {
            PrivateFiles.folder(folder);
            if (!Files.exists(authorityCertificate()) || !Files.exists(authorityKey())) {
                createAuthority();
                Files.deleteIfExists(serverCertificate());
            }
            if (!Files.exists(serverCertificate()) || !Files.exists(serverKey()) || ageing()) {
                createServer();
            }
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("The installation's certificates could not be made", e);
        }
    }

    private Path authorityKey() {
        return folder.resolve("enrolment-ca.key");
    }

    private boolean ageing() throws IOException, GeneralSecurityException {
        var certificate = readCertificate(serverCertificate());
        var left = Duration.between(clock.instant(), certificate.getNotAfter().toInstant());
        return left.compareTo(SERVER_LIFE.dividedBy(3)) < 0;
    }

    private void createAuthority()
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var keys = keyPair();
        var name = new X500Name("CN=Penstock installation CA");
        var builder = builder(name, name, keys, AUTHORITY_LIFE);
        var extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                extensions.createSubjectKeyIdentifier(keys.getPublic()));
        var certificate = builder.build(signer(keys.getPrivate()));
        PrivateFiles.write(authorityKey(), pem(new JcaPKCS8Generator(keys.getPrivate(), null)));
        PrivateFiles.write(authorityCertificate(), pem(certificate));
    }

    private void createServer()
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var keys = keyPair();
        var authority = readCertificate(authorityCertificate());
        var builder =
                builder(
                        new X500Name(authority.getSubjectX500Principal().getName()),
                        new X500Name("CN=Penstock enrolment"),
                        keys,
                        SERVER_LIFE);
        var extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(authority));
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(
                        new GeneralName[] {
                            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                            new GeneralName(GeneralName.dNSName, "localhost")
                        }));
        var certificate = builder.build(signer(readKey(authorityKey())));
        PrivateFiles.write(serverKey(), pem(new JcaPKCS8Generator(keys.getPrivate(), null)));
        PrivateFiles.write(serverCertificate(), pem(certificate) + pem(authority));
    }

    private JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair keys, Duration life) {
        Instant now = clock.instant();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, random).add(BigInteger.ONE),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(life)),
                subject,
                keys.getPublic());
    }

    private KeyPair keyPair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private static ContentSigner signer(PrivateKey key) throws OperatorCreationException {
        return new JcaContentSignerBuilder("SHA256withECDSA").build(key);
    }

    private static X509Certificate readCertificate(Path file)
            throws IOException, GeneralSecurityException {
        try (var parser = new PEMParser(new StringReader(Files.readString(file)))) {
            return new JcaX509CertificateConverter()
                    .getCertificate((X509CertificateHolder) parser.readObject());
        }
    }

    private static PrivateKey readKey(Path file) throws IOException {
        try (var parser = new PEMParser(new StringReader(Files.readString(file)))) {
            var converter = new JcaPEMKeyConverter();
            return switch (parser.readObject()) {
                case PrivateKeyInfo key -> converter.getPrivateKey(key);
                case PEMKeyPair pair -> converter.getKeyPair(pair).getPrivate();
                case null, default ->
                        throw new IOException(file + " holds no private key in PEM form");
            };
        }
    }

    private static String pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
