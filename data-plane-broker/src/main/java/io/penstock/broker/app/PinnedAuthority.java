package io.penstock.broker.app;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts servers whose certificate chain contains, and is valid under, the one authority with a
 * known SHA-256. That the certificate is for the server's name is checked by the TLS library on
 * top.
 */
final class PinnedAuthority implements X509TrustManager {

    private final byte[] fingerprint;

    /**
     * @param fingerprint SHA-256 of the authority's certificate (DER), in hex
     */
    PinnedAuthority(String fingerprint) {
        try {
            this.fingerprint =
                    HexFormat.of().parseHex(fingerprint.replace(":", "").toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new StartException("\"enrol_ca_sha256\" is no SHA-256 in hex");
        }
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        for (X509Certificate certificate : chain) {
            if (MessageDigest.isEqual(sha256(certificate), fingerprint)) {
                anchoredAt(certificate).checkServerTrusted(chain, authType);
                return;
            }
        }
        throw new CertificateException(
                "the server's certificate chain does not contain the expected authority");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("no client is expected here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private static X509TrustManager anchoredAt(X509Certificate authority)
            throws CertificateException {
        try {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            anchors.setCertificateEntry("authority", authority);
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(anchors);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new CertificateException("this JDK checks no X.509 certificates");
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    private static byte[] sha256(X509Certificate certificate) throws CertificateException {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }
}
