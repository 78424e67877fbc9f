package io.penstock.broker.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The enrolment port of a control plane: signs what is asked for with a cluster's authority, and
 * binds each token to the first key that comes with it.
 */
final class EnrolmentServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestAuthority installation = new TestAuthority("installation");
    private final TestAuthority cluster;
    private final HttpsServer server;
    private final Map<String, Map<String, String>> properties = new ConcurrentHashMap<>();
    private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();
    private final Queue<Integer> refusals = new ConcurrentLinkedDeque<>();
    private final CopyOnWriteArrayList<PublicKey> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    EnrolmentServer(TestAuthority cluster) throws IOException {
        this.cluster = cluster;
        this.server =
                HttpsServer.create(
                        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 16);
        server.setHttpsConfigurator(
                new HttpsConfigurator(installation.identity("CN=control-plane").context()) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        connections.incrementAndGet();
                        super.configure(parameters);
                    }
                });
        server.createContext("/enrol/v1/nodes", this::enrol);
        server.start();
    }

    /** What a node gets. Its token is its name. */
    void expect(String nodeName, Map<String, String> nodeProperties) {
        properties.put(nodeName, nodeProperties);
    }

    /** The next requests are answered with these statuses. */
    void refuseNext(int... statuses) {
        for (int status : statuses) {
            refusals.add(status);
        }
    }

    /** The public keys of all requests that were read. */
    java.util.List<PublicKey> keysSeen() {
        return seen;
    }

    /** How many connections began, also those that the other end broke off in the handshake. */
    int connections() {
        return connections.get();
    }

    /** Writes {@code node.json} into the folder. */
    void describe(Path folder, String nodeName, int nodeId, String role) throws IOException {
        describe(folder, nodeName, nodeId, role, installation.fingerprint());
    }

    void describe(Path folder, String nodeName, int nodeId, String role, String fingerprint)
            throws IOException {
        Map<String, Object> node =
                Map.of(
                        "cluster_id", "clu_test",
                        "node_name", nodeName,
                        "node_id", nodeId,
                        "role", role,
                        "incarnation", 1,
                        "image_version", "test",
                        "enrol_url",
                                "https://127.0.0.1:"
                                        + server.getAddress().getPort()
                                        + "/enrol/v1/nodes",
                        "enrol_ca_sha256", fingerprint,
                        "token", nodeName);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("node.json"), JSON.writeValueAsString(node));
    }

    private void enrol(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            PublicKey key = publicKey(request.get("csr").asText());
            seen.add(key);
            Integer refusal = refusals.poll();
            if (refusal != null) {
                answer(exchange, refusal, "{}");
                return;
            }
            String token = request.get("token").asText();
            String node = request.get("node_name").asText();
            PublicKey bound = keys.computeIfAbsent(token, unused -> key);
            if (!token.equals(node) || !properties.containsKey(node) || !bound.equals(key)) {
                answer(exchange, 403, "{}");
                return;
            }
            String unit = node.substring(0, node.lastIndexOf('-'));
            String subject = "CN=" + node + ",OU=" + unit + ",O=clu_test";
            answer(
                    exchange,
                    200,
                    JSON.writeValueAsString(
                            Map.of(
                                    "certificate",
                                    TestAuthority.pem(cluster.certify(subject, key)),
                                    "ca",
                                    cluster.certificatePem(),
                                    "properties",
                                    properties.get(node))));
        }
    }

    private static PublicKey publicKey(String csr) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(csr))) {
            var request = (PKCS10CertificationRequest) parser.readObject();
            return new JcaPEMKeyConverter().getPublicKey(request.getSubjectPublicKeyInfo());
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
