package io.penstock.controlplane.tenancy;

import static io.penstock.controlplane.testing.Api.CLUSTERS;
import static io.restassured.RestAssured.given;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.TestEnvironment;
import io.penstock.controlplane.testing.TestIssuer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.filter.cookie.CookieFilter;

import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
class TenancyTest {

    @Test
    void meTellsOrganizationAndDefaultProject() {
        var organization = Api.newOrganization();
        Api.as("dora", organization, "developer")
                .request()
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("subject", equalTo("dora"))
                .body("username", equalTo("dora"))
                .body("organization.name", equalTo(organization))
                .body("organization.id", startsWith("org_"))
                .body("projects", hasSize(1))
                .body("projects[0].id", startsWith("prj_"))
                .body("projects[0].name", equalTo("default"))
                .body("projects[0].role", equalTo("developer"));
    }

    @Test
    void anothersClusterIsNotFoundAnywhere() {
        var mine = Api.ofNewOrganization();
        var foreign = Api.ofNewOrganization();
        var id = mine.activeCluster("secret");
        String project = mine.request().get("/api/v1/me").path("projects[0].id");
        String operation =
                mine.request().get(CLUSTERS + "/" + id + "/operations").path("items[0].id");
        var cluster = CLUSTERS + "/" + id;

        for (var path :
                List.of(
                        "/api/v1/projects/" + project + "/clusters",
                        "/api/v1/projects/" + project + "/clusters/" + id,
                        "/api/v1/projects/default/operations/" + operation,
                        cluster,
                        cluster + "/nodes",
                        cluster + "/nodes/broker-0",
                        cluster + "/endpoints",
                        cluster + "/topics",
                        cluster + "/topics/a",
                        cluster + "/principals",
                        cluster + "/principals/app/credentials",
                        cluster + "/groups/g/offsets",
                        cluster + "/operations",
                        cluster + "/events")) {
            foreign.request()
                    .get(path)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json")
                    .body("code", equalTo("not_found"));
        }
        foreign.request().header("If-Match", "\"g1\"").delete(cluster).then().statusCode(404);
        foreign.json("{\"name\": \"t\", \"partitions\": 1}")
                .post(cluster + "/topics")
                .then()
                .statusCode(404);
        foreign.json("{\"preset\": \"admin\"}")
                .post(cluster + "/principals/app/credentials")
                .then()
                .statusCode(404);
        mine.request().get(cluster).then().statusCode(200);
    }

    @Test
    void withoutCredentialsTheAnswerIs401AndNeverARedirect() {
        for (var path : List.of("/api/v1/me", CLUSTERS, CLUSTERS + "/clu_x/events")) {
            given().redirects()
                    .follow(false)
                    .get(path)
                    .then()
                    .statusCode(401)
                    .contentType("application/problem+json")
                    .header("WWW-Authenticate", startsWith("Bearer"))
                    .body("code", equalTo("unauthenticated"));
            given().header("X-Requested-With", "JavaScript").get(path).then().statusCode(499);
        }
        given().auth().oauth2("nonsense").get("/api/v1/me").then().statusCode(401);
        given().contentType("application/json").body("{}").post(CLUSTERS).then().statusCode(401);
    }

    @Test
    void tokensNeedTheAudienceATimeAndTheClaims() {
        Map<String, Object> claims =
                Map.of(
                        "preferred_username", "eve",
                        "organization", "acme",
                        "organization_role", "owner");
        me(TestIssuer.token(claims, "other", "eve", Duration.ofMinutes(5))).statusCode(401);
        me(TestIssuer.token(claims, "penstock", "eve", Duration.ofMinutes(-5))).statusCode(401);
        me(TestIssuer.token(
                        Map.of("preferred_username", "eve"),
                        "penstock",
                        "eve",
                        Duration.ofMinutes(5)))
                .statusCode(403)
                .body("code", equalTo("claim_missing"))
                .body("detail", containsString("organization"));
        me(TestIssuer.token("eve", "acme", "emperor"))
                .statusCode(403)
                .body("code", equalTo("claim_invalid"));
        me(TestIssuer.token("eve", "*", "owner"))
                .statusCode(403)
                .body("code", equalTo("claim_invalid"));
    }

    private static io.restassured.response.ValidatableResponse me(String token) {
        return given().auth().oauth2(token).get("/api/v1/me").then();
    }

    @Test
    void theConsoleSignsInByCodeFlowAndReturnsToItsOwnPathOnly() {
        var cookies = new CookieFilter();

        signIn(cookies, "/login?return_to=/clusters/new")
                .header("Location", equalTo("/clusters/new"));
        given().filter(cookies)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("username", equalTo("alice"))
                .body("organization.name", equalTo("acme"));
        var body = "{\"name\": \"by-cookie\", \"plan\": \"small\", \"brokers\": 0}";
        given().filter(cookies)
                .contentType("application/json")
                .body(body)
                .post(CLUSTERS)
                .then()
                .statusCode(403)
                .body("code", equalTo("cross_site_request"));
        given().filter(cookies)
                .contentType("application/json")
                .header("X-Requested-With", "JavaScript")
                .body(body)
                .post(CLUSTERS)
                .then()
                .statusCode(400);
        for (var evil : List.of("//evil.example", "https://evil.example", "/\\evil.example")) {
            given().filter(cookies)
                    .redirects()
                    .follow(false)
                    .queryParam("return_to", evil)
                    .get("/login")
                    .then()
                    .statusCode(303)
                    .header("Location", equalTo("/"));
        }
    }

    /** Follows the redirects by hand: to the issuer, back with a code, to where it began. */
    private static io.restassured.response.ValidatableResponse signIn(
            CookieFilter cookies, String path) {
        var location = path;
        for (int hop = 0; hop < 6; hop++) {
            var answer =
                    given().filter(cookies)
                            .redirects()
                            .follow(false)
                            .urlEncodingEnabled(false)
                            .get(location);
            if (answer.statusCode() == 303) {
                return answer.then();
            }
            answer.then().statusCode(302);
            for (var cookie : answer.getDetailedCookies()) {
                if (cookie.getMaxAge() == 0) {
                    continue;
                }
                assertThat(cookie.isHttpOnly()).as(cookie.getName()).isTrue();
                assertThat(cookie.getSameSite()).as(cookie.getName()).isEqualToIgnoringCase("lax");
            }
            location = answer.getHeader("Location");
        }
        throw new AssertionError("Sign-in does not end");
    }

    @Test
    void rowSecurityShowsTheApplicationsRoleOnlyTheTenantThatIsSet() throws SQLException {
        var organization = Api.newOrganization();
        var id = Api.as("alice", organization, "owner").activeCluster("rows");

        try (var connection = as("penstock_app", "app-password")) {
            for (var table : tenantTables(connection)) {
                assertThat(count(connection, "select count(*) from " + table)).as(table).isZero();
            }
            setTenant(connection, organization);
            assertThat(count(connection, "select count(*) from cluster")).isEqualTo(1);
            assertThat(count(connection, "select count(*) from cluster_event")).isPositive();
            setTenant(connection, "*");
            assertThat(count(connection, "select count(*) from cluster")).isZero();
            setTenant(connection, "globex");
            try (var statement = connection.createStatement()) {
                assertThat(
                                statement.executeUpdate(
                                        "update cluster set name = 'stolen' where id = '"
                                                + id
                                                + "'"))
                        .isZero();
                assertThatThrownBy(
                                () ->
                                        statement.executeUpdate(
                                                "insert into project (id, tenant, name) values ('prj_x', '"
                                                        + organization
                                                        + "', 'x')"))
                        .hasMessageContaining("row-level security");
            }
        }
        try (var connection = as("penstock_owner", "owner-password")) {
            assertThat(count(connection, "select count(*) from cluster")).isZero();
        }
    }

    private static List<String> tenantTables(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "select table_name from information_schema.columns"
                                        + " where table_schema = 'public' and column_name = 'tenant'")) {
            var tables = new java.util.ArrayList<String>();
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
            assertThat(tables)
                    .contains(
                            "cluster",
                            "operation",
                            "operation_step",
                            "cluster_event",
                            "idempotency");
            return tables;
        }
    }

    private static Connection as(String role, String password) throws SQLException {
        return DriverManager.getConnection(TestEnvironment.jdbcUrl(), role, password);
    }

    private static void setTenant(Connection connection, String tenant) throws SQLException {
        try (var statement =
                connection.prepareStatement("select set_config('app.tenant', ?, false)")) {
            statement.setString(1, tenant);
            statement.execute();
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
