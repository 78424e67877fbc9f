package io.penstock.provisioner.pki;

import io.penstock.provisioner.nodes.ClusterLayout;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * The certificate authority of one cluster: only its brokers, its ZooKeeper nodes and the control
 * plane have certificates of it, so holding one is membership. EC P-256, SHA-256 with ECDSA.
 */
public final class ClusterAuthority {
    private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);
    private static final Duration NODE_LIFETIME = Duration.ofDays(365);

    /** Certificates are valid a little before they are made, for nodes whose clock is behind. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final InstantSource clock;

    private ClusterAuthority(X509Certificate certificate, PrivateKey key, InstantSource clock) {
        this.certificate = certificate;
        this.key = key;
        this.clock = clock;
    }

    /** A new authority with a key of its own, valid for ten years. */
    public static ClusterAuthority create(String clusterId, InstantSource clock) {
        ClusterLayout.requireClusterId(clusterId);
        KeyPair pair = newKeyPair();
        X500Name name =
                new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.O, clusterId)
                        .addRDN(BCStyle.CN, "Penstock cluster authority")
                        .build();
        Instant now = clock.instant();
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        name,
                        serialNumber(),
                        Date.from(now.minus(CLOCK_SKEW)),
                        Date.from(now.plus(AUTHORITY_LIFETIME)),
                        name,
                        pair.getPublic());
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    identifiers.createSubjectKeyIdentifier(pair.getPublic()));
        } catch (CertIOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the authority's extensions could not be encoded", e);
        }
        return new ClusterAuthority(signed(builder, pair.getPrivate()), pair.getPrivate(), clock);
    }

    /**
     * The authority that was made before.
     *
     * @throws IllegalArgumentException when one of the two is not what its name says, or they do
     *     not belong together
     */
    public static ClusterAuthority of(PemIdentity identity, InstantSource clock) {
        X509Certificate certificate = Pem.certificate(identity.certificatePem());
        PrivateKey key = Pem.privateKey(identity.privateKeyPem());
        try {
            certificate.verify(certificate.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not the certificate of an authority", e);
        }
        if (!KeyPairs.belongTogether(key, certificate.getPublicKey())) {
            throw new IllegalArgumentException(
                    "the authority's key does not belong to its certificate");
        }
        return new ClusterAuthority(certificate, key, clock);
    }

    /** Key and certificate, to be kept encrypted. */
    public PemIdentity identity() {
        return new PemIdentity(Pem.of(key), certificatePem());
    }

    /** What clients and nodes trust; public. */
    public String certificatePem() {
        return Pem.of(certificate);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * A node's certificate, valid for a year, for servers and clients. Of the request only the
     * public key is taken.
     *
     * @param signingRequestPem PKCS #10 in PEM
     * @return X.509 in PEM
     * @throws InvalidSigningRequestException when it is no request, its signature is wrong, or its
     *     key is not EC P-256
     */
    public String sign(String signingRequestPem, NodeIdentity node)
            throws InvalidSigningRequestException {
        PublicKey publicKey = requestedKey(signingRequestPem);
        X500Name subject = subject(node.nodeName(), node.role().label(), node.clusterId());
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.iPAddress, node.address()));
        node.dnsNames().forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        return Pem.of(
                issue(
                        publicKey,
                        subject,
                        names,
                        NODE_LIFETIME,
                        KeyPurposeId.id_kp_serverAuth,
                        KeyPurposeId.id_kp_clientAuth));
    }

    /**
     * A client's certificate with a key made here.
     *
     * @param commonName for example {@code control-plane}
     * @param organizationalUnit decides the principal, for example {@code control-plane}
     */
    public PemIdentity clientIdentity(
            String commonName, String organizationalUnit, String clusterId, Duration lifetime) {
        KeyPair pair = newKeyPair();
        X509Certificate client =
                issue(
                        pair.getPublic(),
                        subject(commonName, organizationalUnit, clusterId),
                        List.of(),
                        lifetime,
                        KeyPurposeId.id_kp_clientAuth);
        return new PemIdentity(Pem.of(pair.getPrivate()), Pem.of(client));
    }

    /**
     * The public key that a signing request asks a certificate for, as an enrolment binds it to its
     * token.
     */
    public static PublicKey requestedKey(String signingRequestPem)
            throws InvalidSigningRequestException {
        JcaPKCS10CertificationRequest request =
                new JcaPKCS10CertificationRequest(Pem.signingRequest(signingRequestPem));
        try {
            PublicKey publicKey = request.getPublicKey();
            if (!(publicKey instanceof ECPublicKey ecKey)
                    || ecKey.getParams().getOrder().bitLength() != 256) {
                throw new InvalidSigningRequestException("the key of a node is EC P-256");
            }
            if (!request.isSignatureValid(
                    new JcaContentVerifierProviderBuilder().build(publicKey))) {
                throw new InvalidSigningRequestException(
                        "the request is not signed with its own key");
            }
            return publicKey;
        } catch (GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | IllegalArgumentException e) {
            throw new InvalidSigningRequestException(
                    "the request's key or signature cannot be read", e);
        }
    }

    private X509Certificate issue(
            PublicKey publicKey,
            X500Name subject,
            List<GeneralName> names,
            Duration lifetime,
            KeyPurposeId... purposes) {
        Instant now = clock.instant();
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        certificate,
                        serialNumber(),
                        Date.from(now.minus(CLOCK_SKEW)),
                        Date.from(now.plus(lifetime)),
                        new javax.security.auth.x500.X500Principal(encoded(subject)),
                        publicKey);
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(certificate));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    identifiers.createSubjectKeyIdentifier(publicKey));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(names.toArray(GeneralName[]::new)));
            }
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificate's extensions could not be encoded", e);
        }
        return signed(builder, key);
    }

    /**
     * Encoded from the organization down, so that RFC 2253 prints {@code CN=…,OU=…,O=…}, which the
     * brokers' principal mapping expects.
     */
    private static X500Name subject(
            String commonName, String organizationalUnit, String clusterId) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, clusterId)
                .addRDN(BCStyle.OU, organizationalUnit)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static byte[] encoded(X500Name name) {
        try {
            return name.getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("a distinguished name could not be encoded", e);
        }
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificate could not be signed", e);
        }
    }

    /** Positive, 159 bits: at most 20 octets (RFC 5280, 4.1.2.2). */
    private static BigInteger serialNumber() {
        return new BigInteger(159, RANDOM).add(BigInteger.ONE);
    }

    private static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("every Java runtime has EC P-256", e);
        }
    }
}
