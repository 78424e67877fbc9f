package io.penstock.systemtests;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A key with its self-signed certificate for 127.0.0.1, in stores that the JDK's own tool makes, as
 * whoever runs brokers by hand has them.
 */
final class NodeKeys {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String STORE_PASSWORD = "STORE_PASSWORD";

    private final Path folder;
    private final String password = HexFormat.of().formatHex(randomBytes());

    private NodeKeys(Path folder) {
        this.folder = folder;
    }

    static NodeKeys in(Path folder) throws IOException, InterruptedException {
        var keys = new NodeKeys(folder);
        var certificate = folder.resolve("node.pem").toString();
        keys.keytool(
                "keystore.p12",
                List.of("-genkeypair", "-dname", "CN=node", "-ext", "san=ip:127.0.0.1"),
                List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
        keys.keytool("keystore.p12", List.of("-exportcert", "-rfc", "-file", certificate));
        keys.keytool("truststore.p12", List.of("-importcert", "-noprompt", "-file", certificate));
        return keys;
    }

    private static byte[] randomBytes() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    @SafeVarargs
    private void keytool(String store, List<String>... arguments)
            throws IOException, InterruptedException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-storetype",
                                "PKCS12",
                                "-alias",
                                "node",
                                "-keystore",
                                folder.resolve(store).toString(),
                                "-storepass:env",
                                STORE_PASSWORD));
        for (var some : arguments) {
            command.addAll(some);
        }
        Commands.run(LIMIT, folder, Map.of(STORE_PASSWORD, password), "", command).orFail();
    }

    /** Whom to trust, by Kafka's names, for brokers and clients alike. */
    Properties trust() {
        return store("ssl.truststore", "truststore.p12");
    }

    /** And the own key, for brokers and for clients that show who they are. */
    Properties identity() {
        var properties = store("ssl.keystore", "keystore.p12");
        properties.putAll(trust());
        properties.put("ssl.key.password", password);
        return properties;
    }

    private Properties store(String stem, String file) {
        var properties = new Properties();
        properties.put(stem + ".type", "PKCS12");
        properties.put(stem + ".location", folder.resolve(file).toString());
        properties.put(stem + ".password", password);
        return properties;
    }
}
