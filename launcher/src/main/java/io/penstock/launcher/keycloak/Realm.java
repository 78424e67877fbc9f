package io.penstock.launcher.keycloak;

import io.penstock.launcher.installation.Installation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The demo realm: two tenants, their users and clients. A user's organization and role come from
 * his group, because users may edit attributes of their own but never their groups.
 *
 * <p>The realm names no client scopes: naming one would suppress the built-in ones, which give
 * {@code sub} and {@code preferred_username}.
 */
final class Realm {
    static final String NAME = "penstock";
    static final String WEB_CLIENT = "penstock-console";
    static final String CLI_CLIENT = "penstock-cli";
    static final String AUDIENCE = "penstock";

    private static final int CLI_TOKEN_SECONDS = 4 * 3600;
    private static final int AUTOMATION_TOKEN_SECONDS = 3600;

    private static final List<Person> PEOPLE =
            List.of(
                    new Person("alice", "Alice", "Acker", "acme", "owner"),
                    new Person("bob", "Bob", "Baker", "acme", "viewer"),
                    new Person("carol", "Carol", "Cooper", "globex", "owner"),
                    new Person("dave", "Dave", "Dyer", "globex", "viewer"));

    private final Installation installation;

    Realm(Installation installation) {
        this.installation = installation;
    }

    private record Person(
            String username, String firstName, String lastName, String organization, String role) {
        String group() {
            return organization + "-" + role;
        }
    }

    static List<String> usernames() {
        return PEOPLE.stream().map(Person::username).toList();
    }

    /** The whole realm, as Keycloak imports it. */
    Map<String, Object> representation() {
        var realm = new LinkedHashMap<String, Object>();
        realm.put("realm", NAME);
        realm.put("displayName", "Penstock");
        realm.put("enabled", true);
        realm.put("sslRequired", "external");
        realm.put("registrationAllowed", false);
        realm.put("bruteForceProtected", true);
        realm.put("accessTokenLifespan", 300);
        realm.put("ssoSessionIdleTimeout", 12 * 3600);
        realm.put("ssoSessionMaxLifespan", 24 * 3600);
        realm.put("groups", PEOPLE.stream().map(Realm::group).toList());
        realm.put("users", PEOPLE.stream().map(this::user).toList());
        realm.put("clients", clients());
        return realm;
    }

    List<Map<String, Object>> clients() {
        return List.of(webClient(), cliClient(), automation("acme"), automation("globex"));
    }

    private static Map<String, Object> group(Person person) {
        return Map.of(
                "name",
                person.group(),
                "attributes",
                Map.of(
                        "organization", List.of(person.organization()),
                        "organization_role", List.of(person.role())));
    }

    /** E-mail and both names are given, else Keycloak asks for them at the first sign-in. */
    private Map<String, Object> user(Person person) {
        return Map.of(
                "username", person.username(),
                "enabled", true,
                "email", person.username() + "@" + person.organization() + ".example",
                "emailVerified", true,
                "firstName", person.firstName(),
                "lastName", person.lastName(),
                "groups", List.of("/" + person.group()),
                "credentials",
                        List.of(
                                Map.of(
                                        "type",
                                        "password",
                                        "value",
                                        installation.secrets().readablePassword("demo-users"),
                                        "temporary",
                                        false)));
    }

    private Map<String, Object> webClient() {
        var console = installation.consoleUrl();
        var client = client(WEB_CLIENT, "Penstock console");
        client.put("secret", installation.secrets().password("console-client"));
        client.put("standardFlowEnabled", true);
        client.put("rootUrl", console);
        client.put("redirectUris", List.of(console + "/login"));
        client.put("webOrigins", List.of());
        client.put(
                "attributes",
                Map.of(
                        "pkce.code.challenge.method",
                        "S256",
                        "post.logout.redirect.uris",
                        console + "/##" + console));
        client.put("protocolMappers", userMappers());
        return client;
    }

    private Map<String, Object> cliClient() {
        var client = client(CLI_CLIENT, "Penstock command line");
        client.put("secret", installation.secrets().password("cli-client"));
        client.put("directAccessGrantsEnabled", true);
        client.put(
                "attributes", Map.of("access.token.lifespan", Integer.toString(CLI_TOKEN_SECONDS)));
        client.put("protocolMappers", userMappers());
        return client;
    }

    private Map<String, Object> automation(String organization) {
        var client = client(organization + "-automation", "Automation of " + organization);
        client.put("secret", installation.secrets().password(organization + "-automation"));
        client.put("serviceAccountsEnabled", true);
        client.put(
                "attributes",
                Map.of("access.token.lifespan", Integer.toString(AUTOMATION_TOKEN_SECONDS)));
        client.put(
                "protocolMappers",
                List.of(
                        constant("organization", organization),
                        constant("organization_role", "operator"),
                        audience()));
        return client;
    }

    private static Map<String, Object> client(String id, String name) {
        var client = new LinkedHashMap<String, Object>();
        client.put("clientId", id);
        client.put("name", name);
        client.put("enabled", true);
        client.put("protocol", "openid-connect");
        client.put("publicClient", false);
        client.put("standardFlowEnabled", false);
        client.put("implicitFlowEnabled", false);
        client.put("directAccessGrantsEnabled", false);
        client.put("serviceAccountsEnabled", false);
        client.put("fullScopeAllowed", false);
        return client;
    }

    private static List<Map<String, Object>> userMappers() {
        var mappers = new ArrayList<Map<String, Object>>();
        mappers.add(attribute("organization"));
        mappers.add(attribute("organization_role"));
        mappers.add(audience());
        return mappers;
    }

    private static Map<String, Object> attribute(String name) {
        return mapper(
                name,
                "oidc-usermodel-attribute-mapper",
                Map.of(
                        "user.attribute", name,
                        "claim.name", name,
                        "jsonType.label", "String",
                        "id.token.claim", "true",
                        "access.token.claim", "true",
                        "introspection.token.claim", "true",
                        "userinfo.token.claim", "true"));
    }

    private static Map<String, Object> constant(String name, String value) {
        return mapper(
                name,
                "oidc-hardcoded-claim-mapper",
                Map.of(
                        "claim.name", name,
                        "claim.value", value,
                        "jsonType.label", "String",
                        "access.token.claim", "true",
                        "introspection.token.claim", "true"));
    }

    private static Map<String, Object> audience() {
        return mapper(
                "audience",
                "oidc-audience-mapper",
                Map.of(
                        "included.custom.audience", AUDIENCE,
                        "access.token.claim", "true",
                        "introspection.token.claim", "true"));
    }

    private static Map<String, Object> mapper(
            String name, String type, Map<String, String> config) {
        return Map.of(
                "name", name,
                "protocol", "openid-connect",
                "protocolMapper", type,
                "config", config);
    }
}
