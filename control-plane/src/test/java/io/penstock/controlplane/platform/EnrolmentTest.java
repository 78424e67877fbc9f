package io.penstock.controlplane.platform;

import static io.restassured.RestAssured.given;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.controlplane.installation.PenstockConfiguration;
import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.Database;
import io.penstock.controlplane.testing.FakePlatform;
import io.penstock.controlplane.testing.TestCertificate;
import io.penstock.controlplane.testing.TestEnvironment;
import io.penstock.provisioner.pki.Pem;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Nodes' first request, over HTTPS as they send it. */
@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
@Timeout(600)
class EnrolmentTest {
    @Inject FakePlatform platform;
    @Inject EnrolmentServer server;
    @Inject PenstockConfiguration configuration;
    @Inject ObjectMapper json;

    @Test
    void aTokenIsBoundToTheFirstKeyAndAnswersItAlone() throws Exception {
        platform.leaveEnrolment(true);
        try {
            var api = Api.ofNewOrganization();
            String cluster = api.create("enrolling").path("target.cluster_id");
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> platform.tokens(cluster).containsKey("broker-0"));
            var token = platform.tokens(cluster).get("broker-0").value();
            var key = TestCertificate.keyPair();

            refusals(cluster, token);

            var first = enrol(cluster, "broker-0", token, key);
            assertThat(first.statusCode()).isEqualTo(200);
            var identity = json.readTree(first.body());
            check(identity, cluster, key);

            var again = json.readTree(enrol(cluster, "broker-0", token, key).body());
            assertThat(again.get("certificate")).isEqualTo(identity.get("certificate"));

            var other = enrol(cluster, "broker-0", token, TestCertificate.keyPair());
            assertThat(other.statusCode()).isEqualTo(403);
            assertThat(code(other)).isEqualTo("token_bound");

            var zookeeper = platform.tokens(cluster).get("zookeeper-1").value();
            assertThat(enrol(cluster, "broker-0", zookeeper, key).statusCode()).isEqualTo(403);
            assertThat(
                            enrol(cluster, "zookeeper-1", zookeeper, TestCertificate.keyPair())
                                    .statusCode())
                    .isEqualTo(200);
            api.awaitState(cluster, "ACTIVE");
        } finally {
            platform.leaveEnrolment(false);
        }
    }

    private void refusals(String cluster, String token) throws Exception {
        var key = TestCertificate.keyPair();
        var unknown = enrol(cluster, "broker-0", "not-" + token, key);
        assertThat(unknown.statusCode()).isEqualTo(403);
        assertThat(code(unknown)).isEqualTo("token_refused");
        assertThat(unknown.body()).doesNotContain(token);
        assertThat(enrol(cluster, "broker-7", token, key).statusCode()).isEqualTo(403);
        assertThat(enrol(cluster + "\0", "broker-0", token, key).statusCode()).isEqualTo(403);
        assertThat(enrol(cluster, "broker-0\0", token, key).statusCode()).isEqualTo(403);
        assertThat(enrol("clu_unknown", "broker-0", token, key).statusCode()).isEqualTo(403);
        assertThat(send(body(cluster, "broker-0", 2, token, key)).statusCode()).isEqualTo(403);

        expire(cluster, "-1 minute");
        var expired = enrol(cluster, "broker-0", token, key);
        assertThat(expired.statusCode()).isEqualTo(403);
        assertThat(code(expired)).isEqualTo("token_refused");
        expire(cluster, "1 hour");

        var noRequest = body(cluster, "broker-0", 1, token, key);
        noRequest.put("csr", "-----BEGIN CERTIFICATE REQUEST-----");
        assertThat(send(noRequest).statusCode()).isEqualTo(400);
        var incomplete = send(Map.of("cluster_id", cluster));
        assertThat(incomplete.statusCode()).isEqualTo(400);
        assertThat(json.readTree(incomplete.body()).get("errors")).hasSize(4);
    }

    private void check(JsonNode identity, String cluster, KeyPair key)
            throws GeneralSecurityException {
        var certificate = Pem.certificate(identity.get("certificate").asText());
        var authority = Pem.certificate(identity.get("ca").asText());
        certificate.verify(authority.getPublicKey());
        assertThat(certificate.getPublicKey()).isEqualTo(key.getPublic());
        assertThat(certificate.getSubjectX500Principal().getName())
                .contains("CN=broker-0", "OU=broker", "O=" + cluster)
                .doesNotContain("control-plane");
        assertThat(addresses(certificate))
                .contains(platform.machines().get(cluster).brokers().getFirst().address());
        assertThat(identity.get("properties").size()).isPositive();
    }

    private static Iterable<Object> addresses(X509Certificate certificate)
            throws GeneralSecurityException {
        return certificate.getSubjectAlternativeNames().stream()
                .<Object>map(name -> name.get(1))
                .toList();
    }

    @Test
    void enrolmentAndApiAreServedApart() throws Exception {
        given().contentType("application/json")
                .body("{}")
                .post(EnrolmentServer.PATH)
                .then()
                .statusCode(org.hamcrest.Matchers.oneOf(404, 405));
        for (var path :
                new String[] {"/api/v1/me", "/api/v1/plans", "/q/health", "/q/metrics", "/"}) {
            var request = HttpRequest.newBuilder(root().resolve(path)).build();
            try (var client = client()) {
                assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                        .as(path)
                        .isEqualTo(404);
            }
        }
    }

    private HttpResponse<String> enrol(String cluster, String node, String token, KeyPair key)
            throws Exception {
        return send(body(cluster, node, 1, token, key));
    }

    private static Map<String, Object> body(
            String cluster, String node, int incarnation, String token, KeyPair key) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("cluster_id", cluster);
        body.put("node_name", node);
        body.put("incarnation", incarnation);
        body.put("token", token);
        body.put("csr", TestCertificate.signingRequest(key));
        return body;
    }

    private HttpResponse<String> send(Map<String, Object> body) throws Exception {
        var request =
                HttpRequest.newBuilder(root().resolve(EnrolmentServer.PATH))
                        .timeout(Duration.ofSeconds(60))
                        .POST(BodyPublishers.ofString(json.writeValueAsString(body)))
                        .build();
        try (var client = client()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private URI root() {
        return URI.create("https://127.0.0.1:" + server.port());
    }

    private String code(HttpResponse<String> response) throws IOException {
        return json.readTree(response.body()).get("code").asText();
    }

    /** Trusts the enrolment's certificate alone. */
    private HttpClient client() throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "enrolment",
                Pem.certificate(Files.readString(configuration.tls().certificate().orElseThrow())));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static void expire(String cluster, String fromNow) throws Exception {
        assertThat(
                        Database.execute(
                                "update enrolment_token set expires_at = now() + interval '%s' where cluster_id = '%s'"
                                        .formatted(fromNow, cluster)))
                .isPositive();
    }
}
