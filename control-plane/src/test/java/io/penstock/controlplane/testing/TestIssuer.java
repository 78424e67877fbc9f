package io.penstock.controlplane.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.smallrye.jwt.build.Jwt;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A small OpenID provider: discovery, keys, the code flow with PKCE for one user, and any token.
 */
public final class TestIssuer implements AutoCloseable {
    static final String CLIENT = "penstock-console";
    private static final KeyPair KEY = rsa();
    private static volatile String url;

    private final HttpServer server;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

    private TestIssuer(HttpServer server) {
        this.server = server;
    }

    static TestIssuer start() throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        url = "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/test";
        var issuer = new TestIssuer(server);
        server.createContext("/realms/test/.well-known/openid-configuration", issuer::discovery);
        server.createContext("/realms/test/keys", issuer::keys);
        server.createContext("/realms/test/authorize", issuer::authorize);
        server.createContext("/realms/test/token", issuer::token);
        server.start();
        return issuer;
    }

    String url() {
        return url;
    }

    /** A token of a user of an organization, for the API's audience. */
    public static String token(String user, String organization, String role) {
        return sign(
                Map.of(
                        "preferred_username",
                        user,
                        "organization",
                        organization,
                        "organization_role",
                        role),
                "penstock",
                user,
                Duration.ofMinutes(30),
                null);
    }

    public static String token(
            Map<String, Object> claims, String audience, String subject, Duration lifetime) {
        return sign(claims, audience, subject, lifetime, null);
    }

    private static String sign(
            Map<String, Object> claims,
            String audience,
            String subject,
            Duration lifetime,
            String nonce) {
        var builder =
                Jwt.claims(claims)
                        .issuer(url)
                        .audience(audience)
                        .subject(subject)
                        .expiresAt(System.currentTimeMillis() / 1000 + lifetime.toSeconds());
        if (nonce != null) {
            builder.claim("nonce", nonce);
        }
        return builder.jws().keyId("test").sign(KEY.getPrivate());
    }

    private void discovery(HttpExchange exchange) throws IOException {
        answer(
                exchange,
                200,
                """
                {"issuer": "%1$s", "authorization_endpoint": "%1$s/authorize", "token_endpoint": "%1$s/token",
                 "jwks_uri": "%1$s/keys", "end_session_endpoint": "%1$s/logout",
                 "response_types_supported": ["code"], "subject_types_supported": ["public"],
                 "id_token_signing_alg_values_supported": ["RS256"]}
                """
                        .formatted(url));
    }

    private void keys(HttpExchange exchange) throws IOException {
        var key = (RSAPublicKey) KEY.getPublic();
        answer(
                exchange,
                200,
                """
                {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "test", "n": "%s", "e": "%s"}]}
                """
                        .formatted(
                                base64(key.getModulus().toByteArray()),
                                base64(key.getPublicExponent().toByteArray())));
    }

    private void authorize(HttpExchange exchange) throws IOException {
        var query = parameters(exchange.getRequestURI().getRawQuery());
        if (!query.containsKey("code_challenge")) {
            answer(exchange, 400, "{\"error\": \"invalid_request\"}");
            return;
        }
        var code = Long.toHexString(System.nanoTime());
        codes.put(code, query);
        exchange.getResponseHeaders()
                .add(
                        "Location",
                        query.get("redirect_uri")
                                + "?code="
                                + code
                                + "&state="
                                + query.get("state"));
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        var form = parameters(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        var request = codes.remove(form.get("code"));
        if (request == null || !form.containsKey("code_verifier")) {
            answer(exchange, 400, "{\"error\": \"invalid_grant\"}");
            return;
        }
        Map<String, Object> claims =
                Map.of(
                        "preferred_username",
                        "alice",
                        "organization",
                        "acme",
                        "organization_role",
                        "owner");
        var lifetime = Duration.ofMinutes(5);
        answer(
                exchange,
                200,
                """
                {"id_token": "%s", "access_token": "%s", "refresh_token": "none", "token_type": "Bearer", "expires_in": 300}
                """
                        .formatted(
                                sign(claims, CLIENT, "alice", lifetime, request.get("nonce")),
                                sign(claims, "penstock", "alice", lifetime, null)));
    }

    private static Map<String, String> parameters(String text) {
        return Arrays.stream(text.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(
                        Collectors.toMap(
                                pair -> URLDecoder.decode(pair[0], UTF_8),
                                pair -> URLDecoder.decode(pair[1], UTF_8)));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String base64(byte[] signed) {
        int from = signed[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOfRange(signed, from, signed.length));
    }

    private static KeyPair rsa() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
