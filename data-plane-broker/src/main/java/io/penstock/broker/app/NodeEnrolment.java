package io.penstock.broker.app;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Trades a node's one-time token for its certificate and its properties. It may be broken off at
 * any moment and begun again: the key is made once and kept, and for the same key the control plane
 * gives the same answer again.
 */
final class NodeEnrolment {

    private static final Logger LOG = LoggerFactory.getLogger(NodeEnrolment.class);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final int LONGEST_ANSWER = 1024 * 1024;

    /** The bounds of the wait between two attempts, which doubles. */
    private final Duration shortestWait;

    private final Duration longestWait;

    private final NodeFolder folder;
    private final NodeDescription node;

    NodeEnrolment(NodeFolder folder, NodeDescription node) {
        this(folder, node, Duration.ofMillis(250), Duration.ofSeconds(10));
    }

    NodeEnrolment(
            NodeFolder folder, NodeDescription node, Duration shortestWait, Duration longestWait) {
        this.folder = folder;
        this.node = node;
        this.shortestWait = shortestWait;
        this.longestWait = longestWait;
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Answer(String certificate, String ca, Map<String, String> properties) {}

    private sealed interface Outcome {
        record Enrolled(Answer answer) implements Outcome {}

        record TryAgain(String reason) implements Outcome {}
    }

    /**
     * Returns when the node has its identity and its properties.
     *
     * @throws StartException when the control plane refuses this node for good
     */
    void run() throws InterruptedException {
        folder.create();
        NodeKey key = key();
        HttpRequest request = request(key);
        try (HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT_LIMIT)
                        .sslContext(new PinnedAuthority(node.authorityFingerprint()).context())
                        .build()) {
            Duration wait = shortestWait;
            while (true) {
                switch (attempt(http, request)) {
                    case Outcome.Enrolled(Answer answer) -> {
                        keep(answer, key);
                        LOG.info("Enrolled as {}", node);
                        return;
                    }
                    case Outcome.TryAgain(String reason) -> {
                        LOG.warn(
                                "Enrolment is tried again in about {} ms: {}",
                                wait.toMillis(),
                                reason);
                        pause(wait);
                        Duration next = wait.multipliedBy(2);
                        wait = next.compareTo(longestWait) < 0 ? next : longestWait;
                    }
                }
            }
        }
    }

    private NodeKey key() {
        if (Files.exists(folder.key())) {
            return NodeKey.read(folder.key());
        }
        NodeKey key = NodeKey.generate();
        folder.write(folder.key(), key.privateKeyPem());
        return key;
    }

    private HttpRequest request(NodeKey key) {
        if (!"https".equalsIgnoreCase(node.enrolmentUrl().getScheme())) {
            throw new StartException("\"enrol_url\" must begin with https://");
        }
        Map<String, Object> body =
                Map.of(
                        "cluster_id",
                        node.clusterId(),
                        "node_name",
                        node.nodeName(),
                        "incarnation",
                        node.incarnation(),
                        "token",
                        node.token(),
                        "csr",
                        key.certificationRequest(node.nodeName(), node.clusterId()));
        try {
            return HttpRequest.newBuilder(node.enrolmentUrl())
                    .timeout(ANSWER_LIMIT)
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json")
                    .POST(BodyPublishers.ofString(new ObjectMapper().writeValueAsString(body)))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write the enrolment request", e);
        }
    }

    private static Outcome attempt(HttpClient http, HttpRequest request)
            throws InterruptedException {
        HttpResponse<String> response;
        try {
            response =
                    http.send(
                            request,
                            BodyHandlers.limiting(
                                    BodyHandlers.ofString(StandardCharsets.UTF_8), LONGEST_ANSWER));
        } catch (IOException e) {
            return new Outcome.TryAgain(request.uri() + ": " + rootOf(e));
        }
        return switch (response.statusCode()) {
            case 200 -> read(response.body());
            case 400, 403 ->
                    throw new StartException(
                            "the control plane refuses this node (HTTP status "
                                    + response.statusCode()
                                    + "): its token is unknown, expired or bound to another key."
                                    + " Replace the node.");
            default -> new Outcome.TryAgain("HTTP status " + response.statusCode());
        };
    }

    private static Outcome read(String body) {
        try {
            Answer answer = new ObjectMapper().readValue(body, Answer.class);
            return answer.certificate() == null
                            || answer.ca() == null
                            || answer.properties() == null
                    ? new Outcome.TryAgain("the answer is incomplete")
                    : new Outcome.Enrolled(answer);
        } catch (JsonProcessingException e) {
            return new Outcome.TryAgain("the answer is no JSON of the expected shape");
        }
    }

    private void keep(Answer answer, NodeKey key) {
        if (!certificate(answer.certificate()).getPublicKey().equals(key.pair().getPublic())) {
            throw new StartException("the control plane's certificate is for another key");
        }
        folder.write(folder.certificate(), answer.certificate());
        folder.write(folder.authority(), answer.ca());
        folder.write(
                folder.keyStore(),
                key.privateKeyPem().strip() + "\n" + answer.certificate().strip() + "\n");
        folder.writeProperties(answer.properties());
    }

    private static X509Certificate certificate(String pem) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        } catch (CertificateException e) {
            throw new StartException("the control plane sent no valid certificate", e);
        }
    }

    /** Up to a fifth longer, so that nodes started together do not come back together. */
    private static void pause(Duration wait) throws InterruptedException {
        long millis = wait.toMillis();
        Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis / 5 + 1));
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null
                ? root.getClass().getSimpleName()
                : root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
