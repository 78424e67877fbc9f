package io.penstock.broker.app;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPublicKeySpec;

/** The node's key pair, which is made here and never leaves. EC P-256. */
final class NodeKey {

    private static final String CURVE = "secp256r1";

    private final KeyPair pair;

    private NodeKey(KeyPair pair) {
        this.pair = pair;
    }

    static NodeKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            return new NodeKey(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make EC keys", e);
        }
    }

    /**
     * @throws StartException when the file holds no EC key
     */
    static NodeKey read(Path file) {
        try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file)))) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            Object content = parser.readObject();
            if (content instanceof PrivateKeyInfo info
                    && converter.getPrivateKey(info) instanceof ECPrivateKey key) {
                return new NodeKey(new KeyPair(publicKey(key), key));
            }
            if (content instanceof PEMKeyPair keys) {
                return new NodeKey(converter.getKeyPair(keys));
            }
            throw new StartException(file + " holds no EC private key");
        } catch (IOException | GeneralSecurityException e) {
            throw new StartException("cannot read the key in " + file + ": " + e.getMessage());
        }
    }

    KeyPair pair() {
        return pair;
    }

    /** PKCS #8, not encrypted. */
    String privateKeyPem() {
        try {
            return pem(new JcaPKCS8Generator(pair.getPrivate(), null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A certification request in PEM. Its subject is only a hint: who signs decides about it. */
    String certificationRequest(String nodeName, String clusterId) {
        var subject =
                new X500NameBuilder()
                        .addRDN(BCStyle.O, clusterId)
                        .addRDN(BCStyle.CN, nodeName)
                        .build();
        try {
            return pem(
                    new JcaPKCS10CertificationRequestBuilder(subject, pair.getPublic())
                            .build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(pair.getPrivate())));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("cannot sign with the node's own key", e);
        }
    }

    private static java.security.PublicKey publicKey(ECPrivateKey key)
            throws GeneralSecurityException {
        var parameters =
                org.bouncycastle.jcajce.provider.asymmetric.util.EC5Util.convertSpec(
                        key.getParams());
        BigInteger secret = key.getS();
        var point = parameters.getG().multiply(secret).normalize();
        return KeyFactory.getInstance("EC")
                .generatePublic(
                        new ECPublicKeySpec(
                                new java.security.spec.ECPoint(
                                        point.getAffineXCoord().toBigInteger(),
                                        point.getAffineYCoord().toBigInteger()),
                                key.getParams()));
    }

    private static String pem(Object content) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
