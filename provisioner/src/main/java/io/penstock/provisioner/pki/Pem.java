package io.penstock.provisioner.pki;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Keys, certificates and requests to and from PEM (RFC 7468). */
public final class Pem {
    private static final int LONGEST_REQUEST = 16_384;

    private Pem() {}

    /**
     * @throws IllegalArgumentException when the text holds no certificate
     */
    public static X509Certificate certificate(String pem) {
        try {
            PemObject object = new PEMParser(new StringReader(pem)).readPemObject();
            if (object == null || !object.getType().equals("CERTIFICATE")) {
                throw new IllegalArgumentException("no certificate in PEM");
            }
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(object.getContent()));
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException("no certificate in PEM", e);
        }
    }

    /**
     * @throws IllegalArgumentException when the text holds no unencrypted PKCS #8 key
     */
    public static PrivateKey privateKey(String pem) {
        try {
            if (new PEMParser(new StringReader(pem)).readObject() instanceof PrivateKeyInfo info) {
                return new JcaPEMKeyConverter().getPrivateKey(info);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("no private key in PEM", e);
        }
        throw new IllegalArgumentException("no private key in PEM");
    }

    static PKCS10CertificationRequest signingRequest(String pem)
            throws InvalidSigningRequestException {
        if (pem.length() > LONGEST_REQUEST) {
            throw new InvalidSigningRequestException(
                    "a signing request has at most " + LONGEST_REQUEST + " characters");
        }
        try {
            if (new PEMParser(new StringReader(pem)).readObject()
                    instanceof PKCS10CertificationRequest request) {
                return request;
            }
        } catch (IOException | RuntimeException e) {
            throw new InvalidSigningRequestException("no signing request in PEM", e);
        }
        throw new InvalidSigningRequestException("no signing request in PEM");
    }

    static String of(X509Certificate certificate) {
        try {
            return write("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate could not be encoded", e);
        }
    }

    static String of(PrivateKey key) {
        return write("PRIVATE KEY", key.getEncoded());
    }

    private static String write(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return text.toString();
    }
}
