package io.penstock.benchmarks.cluster;

import io.penstock.benchmarks.Commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A key, its self-signed certificate, and the load generator's password, made anew for each secured
 * cluster. Secrets are in files that only this user reads, never on a command line.
 */
public final class TlsMaterial {

    static final String MECHANISM = "SCRAM-SHA-512";
    public static final String USERNAME = "load-generator";

    private static final Duration KEYTOOL_LIMIT = Duration.ofSeconds(60);

    private final Path keystore;
    private final Path truststore;
    private final String storePassword = random();
    private final String userPassword = random();

    TlsMaterial(Path folder) {
        keystore = folder.resolve("keystore.p12");
        truststore = folder.resolve("truststore.p12");
    }

    void create(String address) throws IOException, InterruptedException {
        Files.createDirectories(
                keystore.getParent(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path certificate = keystore.resolveSibling("certificate.pem");
        keytool(
                List.of("-genkeypair", "-alias", "node", "-keystore", keystore.toString()),
                List.of("-dname", "CN=node,OU=broker,O=benchmarks", "-validity", "30"),
                List.of("-keyalg", "EC", "-groupname", "secp256r1", "-ext", "san=ip:" + address));
        keytool(
                List.of("-exportcert", "-rfc", "-alias", "node", "-file", certificate.toString()),
                List.of("-keystore", keystore.toString()));
        keytool(
                List.of("-importcert", "-noprompt", "-alias", "node", "-file"),
                List.of(certificate.toString(), "-keystore", truststore.toString()));
    }

    Map<String, String> brokerProperties() {
        return Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                keystore.toString(),
                "ssl.keystore.password",
                storePassword,
                "ssl.key.password",
                storePassword,
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                truststore.toString(),
                "ssl.truststore.password",
                storePassword);
    }

    Map<String, String> administratorProperties() {
        Map<String, String> properties = new TreeMap<>(brokerProperties());
        properties.put("security.protocol", "SSL");
        return properties;
    }

    Map<String, String> clientProperties() {
        return Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                MECHANISM,
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                        + USERNAME
                        + "\" password=\""
                        + userPassword
                        + "\";",
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                truststore.toString(),
                "ssl.truststore.password",
                storePassword);
    }

    public String userPassword() {
        return userPassword;
    }

    @SafeVarargs
    private void keytool(List<String>... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("java.home") + "/bin/keytool",
                                "-storetype",
                                "PKCS12",
                                "-storepass:env",
                                "PENSTOCK_BENCHMARK_STORE"));
        for (List<String> some : arguments) {
            command.addAll(some);
        }
        Commands.run(command, Map.of("PENSTOCK_BENCHMARK_STORE", storePassword), KEYTOOL_LIMIT);
    }

    private static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
