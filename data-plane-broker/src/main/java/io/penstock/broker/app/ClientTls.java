package io.penstock.broker.app;

import io.penstock.broker.config.ConfigurationException;
import io.penstock.broker.config.TlsSettings;
import io.penstock.broker.config.TlsSettings.Store;

import org.apache.kafka.common.config.types.Password;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's TLS for connections that this broker opens to others, from the broker's settings. */
final class ClientTls {

    private static final char[] NO_PASSWORD = new char[0];

    private ClientTls() {}

    /**
     * @throws ConfigurationException when keys or certificates cannot be read
     */
    static SSLContext context(TlsSettings settings) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(settings), trustManagers(settings), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            ConfigurationException failure =
                    new ConfigurationException(
                            List.of("TLS keys or certificates cannot be used: " + e.getMessage()));
            failure.initCause(e);
            throw failure;
        }
    }

    private static KeyManager[] keyManagers(TlsSettings settings)
            throws IOException, GeneralSecurityException {
        if (settings.keystore().isEmpty()) {
            return null;
        }
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        switch (settings.keystore().get()) {
            case Store.Inline(Password key, Password certificates) ->
                    factory.init(
                            pemKeyStore(key.value() + "\n" + certificates.value()), NO_PASSWORD);
            case Store.PemFile(Path path) ->
                    factory.init(pemKeyStore(Files.readString(path)), NO_PASSWORD);
            case Store.KeyStoreFile file ->
                    factory.init(load(file), characters(settings.keyPassword().or(file::password)));
        }
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustManagers(TlsSettings settings)
            throws IOException, GeneralSecurityException {
        if (settings.truststore().isEmpty()) {
            return null;
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(
                switch (settings.truststore().get()) {
                    case Store.Inline inline -> pemTrustStore(inline.certificates().value());
                    case Store.PemFile(Path path) -> pemTrustStore(Files.readString(path));
                    case Store.KeyStoreFile file -> load(file);
                });
        return factory.getTrustManagers();
    }

    private record PemContent(Optional<PrivateKey> key, List<X509Certificate> certificates) {}

    private static KeyStore pemKeyStore(String text) throws IOException, GeneralSecurityException {
        PemContent content = parse(text);
        KeyStore store = empty();
        store.setKeyEntry(
                "key",
                content.key()
                        .orElseThrow(() -> new GeneralSecurityException("there is no private key")),
                NO_PASSWORD,
                content.certificates().toArray(X509Certificate[]::new));
        return store;
    }

    private static KeyStore pemTrustStore(String text)
            throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        int number = 0;
        for (X509Certificate certificate : parse(text).certificates()) {
            store.setCertificateEntry("certificate-" + number++, certificate);
        }
        return store;
    }

    private static PemContent parse(String text) throws IOException, GeneralSecurityException {
        JcaPEMKeyConverter keys = new JcaPEMKeyConverter();
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
        Optional<PrivateKey> key = Optional.empty();
        List<X509Certificate> certificates = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                switch (next) {
                    case PrivateKeyInfo info -> key = Optional.of(keys.getPrivateKey(info));
                    case PEMKeyPair pair -> key = Optional.of(keys.getKeyPair(pair).getPrivate());
                    case X509CertificateHolder holder ->
                            certificates.add(converter.getCertificate(holder));
                    default -> {}
                }
            }
        }
        return new PemContent(key, certificates);
    }

    private static KeyStore load(Store.KeyStoreFile file)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(file.type());
        try (InputStream stream = Files.newInputStream(file.path())) {
            store.load(stream, characters(file.password()));
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static char[] characters(Optional<Password> password) {
        return password.map(value -> value.value().toCharArray()).orElse(NO_PASSWORD);
    }
}
