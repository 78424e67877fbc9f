package io.penstock.provisioner.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.penstock.provisioner.nodes.NodePorts;
import io.penstock.provisioner.pki.PemIdentity;
import io.penstock.provisioner.pki.TlsContexts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Asks nodes of one cluster for their health, by mutual TLS within the cluster's authority. Safe
 * for use by many threads; every question is answered within {@link #ANSWER_LIMIT}.
 */
public final class NodeHealthClient implements AutoCloseable {
    public static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final int LONGEST_ANSWER = 64 * 1024;

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private final HttpClient http;

    /**
     * @param identity the control plane's, signed by the cluster's authority
     * @param authorityPem the certificate of the cluster's authority: the only one trusted
     */
    public NodeHealthClient(PemIdentity identity, String authorityPem) {
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT_LIMIT)
                        .sslContext(TlsContexts.mutual(identity, authorityPem))
                        .build();
    }

    /** Asks the node at this address on the management port. */
    public NodeHealth health(String address) throws InterruptedException {
        return health(address, NodePorts.MANAGEMENT);
    }

    NodeHealth health(String address, int port) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("https://" + address + ":" + port + "/health"))
                        .timeout(ANSWER_LIMIT)
                        .GET()
                        .build();
        try {
            HttpResponse<byte[]> response =
                    http.send(
                            request,
                            BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
            return switch (response.statusCode()) {
                case 200 -> read(response.body()).withServing(true);
                case 503 -> read(response.body()).withServing(false);
                default ->
                        new NodeHealth.Unreachable(
                                "answered with HTTP status " + response.statusCode());
            };
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return new NodeHealth.Unreachable("answered with something that is no health report");
        } catch (IOException e) {
            return new NodeHealth.Unreachable(e.getClass().getSimpleName() + reason(e));
        }
    }

    private static NodeHealth.Answered read(byte[] body) throws JsonProcessingException {
        NodeHealth.Answered answer =
                JSON.readValue(new String(body, StandardCharsets.UTF_8), NodeHealth.Answered.class);
        if (answer == null) {
            throw new IllegalArgumentException("the report is null");
        }
        return answer;
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? "" : ": " + e.getMessage();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
