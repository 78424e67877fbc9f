package io.penstock.broker.network;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.broker.config.ConfigurationException;
import io.penstock.broker.config.TlsSettings;
import io.penstock.broker.config.TlsSettings.Store;

import org.apache.kafka.common.config.types.Password;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** Makes TLS contexts of settings: BoringSSL where its native library loads, else the JDK's TLS. */
public final class TlsContexts {

    private TlsContexts() {}

    /**
     * @throws ConfigurationException when keys or certificates cannot be read
     */
    public static SslContext server(TlsSettings settings) {
        Store keystore =
                settings.keystore()
                        .orElseThrow(
                                () -> failure("ssl.keystore.location must be set for TLS", null));
        try {
            SslContextBuilder builder = serverBuilder(keystore, settings);
            return finish(builder, settings)
                    .clientAuth(
                            switch (settings.clientAuthentication()) {
                                case REQUIRED -> ClientAuth.REQUIRE;
                                case REQUESTED -> ClientAuth.OPTIONAL;
                                case NONE -> ClientAuth.NONE;
                            })
                    .build();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw failure("TLS keys or certificates cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * For connections that this process opens; shows its certificate when it has one.
     *
     * @throws ConfigurationException when keys or certificates cannot be read
     */
    public static SslContext client(TlsSettings settings) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (settings.keystore().isPresent()) {
                switch (settings.keystore().get()) {
                    case Store.Inline(Password key, Password chain) ->
                            builder.keyManager(
                                    stream(chain), stream(key), password(settings.keyPassword()));
                    case Store.PemFile(Path path) ->
                            builder.keyManager(
                                    pem(path), pem(path), password(settings.keyPassword()));
                    case Store.KeyStoreFile file ->
                            builder.keyManager(keyManagers(file, settings.keyPassword()));
                }
            }
            return finish(builder, settings).build();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw failure("TLS keys or certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private static SslContextBuilder serverBuilder(Store keystore, TlsSettings settings)
            throws IOException, GeneralSecurityException {
        return switch (keystore) {
            case Store.Inline(Password key, Password chain) ->
                    SslContextBuilder.forServer(
                            stream(chain), stream(key), password(settings.keyPassword()));
            case Store.PemFile(Path path) ->
                    SslContextBuilder.forServer(
                            pem(path), pem(path), password(settings.keyPassword()));
            case Store.KeyStoreFile file ->
                    SslContextBuilder.forServer(keyManagers(file, settings.keyPassword()));
        };
    }

    private static SslContextBuilder finish(SslContextBuilder builder, TlsSettings settings)
            throws IOException, GeneralSecurityException {
        if (settings.truststore().isPresent()) {
            switch (settings.truststore().get()) {
                case Store.Inline inline -> builder.trustManager(stream(inline.certificates()));
                case Store.PemFile(Path path) -> builder.trustManager(pem(path));
                case Store.KeyStoreFile file -> builder.trustManager(trustManagers(file));
            }
        }
        List<String> ciphers = settings.cipherSuites();
        return builder.sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols(settings.protocols())
                .ciphers(ciphers.isEmpty() ? null : ciphers);
    }

    private static KeyManagerFactory keyManagers(
            Store.KeyStoreFile file, Optional<Password> keyPassword)
            throws IOException, GeneralSecurityException {
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        char[] password = characters(keyPassword.or(file::password));
        factory.init(load(file), password);
        return factory;
    }

    private static TrustManagerFactory trustManagers(Store.KeyStoreFile file)
            throws IOException, GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(load(file));
        return factory;
    }

    private static KeyStore load(Store.KeyStoreFile file)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(file.type());
        try (InputStream stream = new ByteArrayInputStream(read(file.path()))) {
            store.load(stream, characters(file.password()));
        }
        return store;
    }

    private static InputStream pem(Path path) throws IOException {
        return new ByteArrayInputStream(read(path));
    }

    private static byte[] read(Path path) throws IOException {
        try {
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + path, e);
        }
    }

    private static InputStream stream(Password text) {
        return new ByteArrayInputStream(text.value().getBytes(StandardCharsets.US_ASCII));
    }

    private static String password(Optional<Password> password) {
        return password.map(Password::value).orElse(null);
    }

    private static char[] characters(Optional<Password> password) {
        return password.map(p -> p.value().toCharArray()).orElse(null);
    }

    private static ConfigurationException failure(String message, Throwable cause) {
        ConfigurationException failure = new ConfigurationException(List.of(message));
        if (cause != null) {
            failure.initCause(cause);
        }
        return failure;
    }
}
