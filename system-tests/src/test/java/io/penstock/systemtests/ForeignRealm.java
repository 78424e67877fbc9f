package io.penstock.systemtests;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A realm as a company may have it, with a client for Penstock and one user, in another
 * installation's Keycloak.
 *
 * @param root of Keycloak
 */
record ForeignRealm(String root, String administratorPassword, String clientSecret) {
    static final String USER = "erin";
    static final String ORGANIZATION = "initech";
    private static final String NAME = "company";
    private static final String CLIENT = "streaming-console";

    static ForeignRealm in(Installation host, String consoleUrl) throws IOException {
        var realm =
                new ForeignRealm(
                        "http://127.0.0.1:" + host.port("PENSTOCK_KEYCLOAK_PORT"),
                        Files.readString(host.home().resolve("secrets/keycloak-admin")).strip(),
                        UUID.randomUUID().toString());
        realm.make(consoleUrl);
        return realm;
    }

    String issuer() {
        return root + "/realms/" + NAME;
    }

    /** A bearer token of the user. */
    String token() {
        return grant(
                NAME, Map.of("client_id", CLIENT, "client_secret", clientSecret, "username", USER));
    }

    void delete() {
        given().auth()
                .oauth2(administratorToken())
                .delete(root + "/admin/realms/" + NAME)
                .then()
                .statusCode(204);
    }

    private void make(String consoleUrl) {
        var realm =
                Map.of(
                        "realm",
                        NAME,
                        "enabled",
                        true,
                        "clients",
                        List.of(client(consoleUrl)),
                        "users",
                        List.of(user()));
        given().auth()
                .oauth2(administratorToken())
                .contentType(ContentType.JSON)
                .body(realm)
                .post(root + "/admin/realms")
                .then()
                .statusCode(201);
    }

    /** That the user may get tokens by his password is for this test's sake. */
    private Map<String, Object> client(String consoleUrl) {
        var mappers = new ArrayList<Map<String, Object>>();
        mappers.add(claim("organization", ORGANIZATION));
        mappers.add(claim("organization_role", "owner"));
        mappers.add(
                mapper(
                        "audience",
                        "oidc-audience-mapper",
                        Map.of(
                                "included.custom.audience",
                                "penstock",
                                "access.token.claim",
                                "true")));
        return Map.of(
                "clientId",
                CLIENT,
                "enabled",
                true,
                "publicClient",
                false,
                "secret",
                clientSecret,
                "standardFlowEnabled",
                true,
                "directAccessGrantsEnabled",
                true,
                "redirectUris",
                List.of(consoleUrl + "/login"),
                "attributes",
                Map.of("access.token.lifespan", "1800"),
                "protocolMappers",
                mappers);
    }

    private static Map<String, Object> claim(String name, String value) {
        return mapper(
                name,
                "oidc-hardcoded-claim-mapper",
                Map.of(
                        "claim.name", name,
                        "claim.value", value,
                        "jsonType.label", "String",
                        "id.token.claim", "true",
                        "access.token.claim", "true"));
    }

    private static Map<String, Object> mapper(
            String name, String type, Map<String, String> configuration) {
        return Map.of(
                "name", name,
                "protocol", "openid-connect",
                "protocolMapper", type,
                "config", configuration);
    }

    private static Map<String, Object> user() {
        return Map.of(
                "username",
                USER,
                "enabled",
                true,
                "email",
                USER + "@initech.example",
                "emailVerified",
                true,
                "firstName",
                "Erin",
                "lastName",
                "Eager",
                "credentials",
                List.of(Map.of("type", "password", "value", passwordOf(USER), "temporary", false)));
    }

    private static String passwordOf(String user) {
        return "password-of-" + user;
    }

    private String administratorToken() {
        var form = Map.of("client_id", "admin-cli", "username", "admin");
        return grant("master", form, administratorPassword);
    }

    private String grant(String realm, Map<String, String> form) {
        return grant(realm, form, passwordOf(form.get("username")));
    }

    private String grant(String realm, Map<String, String> form, String password) {
        return given().contentType(ContentType.URLENC)
                .formParams(form)
                .formParam("grant_type", "password")
                .formParam("scope", "openid")
                .formParam("password", password)
                .post(root + "/realms/" + realm + "/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }
}
