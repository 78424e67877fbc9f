package io.penstock.broker.config;

import org.apache.kafka.common.config.types.Password;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one end of a TLS connection needs.
 *
 * @param keystore own private key and certificate chain, if any
 * @param truststore whom to trust; empty means the JDK's own list
 * @param protocols enabled versions, such as {@code TLSv1.3}
 * @param cipherSuites by the JDK's names; empty means the defaults
 */
public record TlsSettings(
        Optional<Store> keystore,
        Optional<Store> truststore,
        Optional<Password> keyPassword,
        ClientAuthentication clientAuthentication,
        List<String> protocols,
        List<String> cipherSuites) {

    /** Whether a client must show a certificate. */
    public enum ClientAuthentication {
        REQUIRED,
        REQUESTED,
        NONE
    }

    /** Where keys or certificates are. */
    public sealed interface Store {

        /** PEM text in the properties themselves: key and chain, or trusted certificates. */
        record Inline(Password key, Password certificates) implements Store {}

        /** A PEM file with the private key (not in a truststore) and certificates. */
        record PemFile(Path path) implements Store {}

        /** A JKS or PKCS12 file. */
        record KeyStoreFile(Path path, String type, Optional<Password> password) implements Store {}
    }

    static TlsSettings read(PropertyValues values, String prefix) {
        boolean server = prefix.equals("ssl.");
        return new TlsSettings(
                keystore(values, prefix, server),
                truststore(values, prefix, server),
                server ? values.password("ssl.key.password") : Optional.empty(),
                server
                        ? ClientAuthentication.valueOf(
                                values.string("ssl.client.auth").toUpperCase(Locale.ROOT))
                        : ClientAuthentication.NONE,
                values.list(prefix + "enabled.protocols"),
                values.list(prefix + "cipher.suites"));
    }

    private static Optional<Store> keystore(
            PropertyValues values, String prefix, boolean mayBeInline) {
        if (mayBeInline) {
            Optional<Password> key = values.password("ssl.keystore.key");
            Optional<Password> chain = values.password("ssl.keystore.certificate.chain");
            if (key.isPresent() && chain.isPresent()) {
                return Optional.of(new Store.Inline(key.get(), chain.get()));
            }
        }
        return file(values, prefix + "keystore");
    }

    private static Optional<Store> truststore(
            PropertyValues values, String prefix, boolean mayBeInline) {
        if (mayBeInline) {
            Optional<Password> certificates = values.password("ssl.truststore.certificates");
            if (certificates.isPresent()) {
                return Optional.of(new Store.Inline(new Password(""), certificates.get()));
            }
        }
        return file(values, prefix + "truststore");
    }

    private static Optional<Store> file(PropertyValues values, String stem) {
        return values.find(stem + ".location")
                .map(
                        location -> {
                            Path path = Path.of(location);
                            String type =
                                    values.find(stem + ".type")
                                            .orElse(location.endsWith(".pem") ? "PEM" : "JKS");
                            return type.equalsIgnoreCase("PEM")
                                    ? new Store.PemFile(path)
                                    : new Store.KeyStoreFile(
                                            path, type, values.password(stem + ".password"));
                        });
    }
}
