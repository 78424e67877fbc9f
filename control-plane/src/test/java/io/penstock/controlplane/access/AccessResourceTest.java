package io.penstock.controlplane.access;

import static io.penstock.controlplane.testing.Api.CLUSTERS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.Database;
import io.penstock.controlplane.testing.FakePlatform;
import io.penstock.controlplane.testing.TestEnvironment;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.sql.SQLException;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessResourceTest {
    @Inject FakePlatform platform;

    private final String organization = Api.newOrganization();
    private Api api;
    private String cluster;
    private String principals;

    @BeforeEach
    void createCluster() {
        if (principals != null) {
            return;
        }
        api = Api.as("owner", organization, "owner");
        cluster = api.activeCluster("with-users");
        principals = CLUSTERS + "/" + cluster + "/principals";
    }

    @Test
    void aPasswordIsAnsweredOnceAndKeptNowhere() throws SQLException {
        var created =
                api.json("{\"preset\": \"producer\", \"prefix\": \"orders-\"}")
                        .post(principals + "/shop/credentials");
        created.then()
                .statusCode(201)
                .body("id", startsWith("crd_"))
                .body("principal", equalTo("shop"))
                .body("preset", equalTo("producer"))
                .body("prefix", equalTo("orders-"))
                .body("mechanism", equalTo("SCRAM-SHA-512"))
                .body("username", startsWith("shop-"))
                .body("password", notNullValue());
        String id = created.path("id");
        String password = created.path("password");

        api.request()
                .get(principals + "/shop/credentials")
                .then()
                .body("items.id", contains(id))
                .body("items", everyItem(not(hasKey("password"))));
        api.request().get(principals).then().body("items.name", not(contains("nobody")));
        assertThat(
                        Database.count(
                                "select count(*) from credential c where c::text like '%"
                                        + password
                                        + "%'"))
                .isZero();
        assertThat(
                        Database.count(
                                "select count(*) from idempotency i where i::text like '%"
                                        + password
                                        + "%'"))
                .isZero();

        api.request().delete(principals + "/shop/credentials/" + id).then().statusCode(204);
        api.request().delete(principals + "/shop/credentials/" + id).then().statusCode(404);
        api.request().get(principals + "/shop/credentials").then().body("items", hasSize(0));
        assertThat(platform.users(cluster)).doesNotContain(created.<String>path("username"));
    }

    @Test
    void aRepeatWithItsKeyMakesNoSecondCredential() {
        var path = principals + "/repeater/credentials";
        var body = "{\"preset\": \"admin\"}";
        api.json(body).header("Idempotency-Key", "c").post(path).then().statusCode(201);

        api.json(body)
                .header("Idempotency-Key", "c")
                .post(path)
                .then()
                .statusCode(409)
                .body("code", equalTo("secret_already_answered"));
        api.request().get(path).then().body("items", hasSize(1));
    }

    @Test
    void aPrincipalHasAtMostFiveAlsoWhenAskedForAtOnce() throws Exception {
        var path = principals + "/many/credentials";
        Callable<Integer> create =
                () -> api.json("{\"preset\": \"consumer\"}").post(path).statusCode();
        int created = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(Collections.nCopies(8, create))) {
                assertThat(answer.get()).isIn(201, 409);
                created += answer.get() == 201 ? 1 : 0;
            }
        }

        assertThat(created).isEqualTo(5);
        api.request().get(path).then().body("items", hasSize(5));
    }

    @Test
    void whatTheClusterRefusesLeavesNothingBehind() {
        var path = principals + "/refused/credentials";

        api.json(
                        "{\"preset\": \"admin\", \"prefix\": \"%s\"}"
                                .formatted(FakePlatform.REFUSED_PREFIX))
                .header("Idempotency-Key", "refused")
                .post(path)
                .then()
                .statusCode(503);

        api.request().get(path).then().body("items", hasSize(0));
        api.json("{\"preset\": \"admin\"}")
                .header("Idempotency-Key", "refused")
                .post(path)
                .then()
                .statusCode(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app | {} | /preset",
                "app | {\"preset\": \"root\"} | /preset",
                "app | {\"preset\": 1} | /preset",
                "app | {\"preset\": null} | /preset",
                "app | {\"preset\": \"admin\", \"prefix\": null} | /prefix",
                "app | {\"preset\": \"PRODUCER\"} | /preset",
                "app | {\"preset\": \"admin\", \"prefix\": \"a*\"} | /prefix",
                "app | {\"preset\": \"admin\", \"prefix\": 5} | /prefix",
                "app | {\"preset\": \"admin\", \"password\": \"mine\"} | /password",
                "App | {\"preset\": \"admin\"} | /principal",
                "app- | {\"preset\": \"admin\"} | /principal",
            })
    void wrongInputIsPointedAt(String principal, String body, String pointer) {
        api.json(body)
                .post(principals + "/" + principal + "/credentials")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("errors.pointer", contains(pointer));
    }

    @Test
    void aViewerReadsAndDoesNotWrite() {
        var viewer = Api.as("viewer", organization, "viewer");

        viewer.request().get(principals).then().statusCode(200);
        viewer.json("{\"preset\": \"admin\"}")
                .post(principals + "/app/credentials")
                .then()
                .statusCode(403)
                .body("code", equalTo("role_required"));
        viewer.request().delete(principals + "/app/credentials/crd_x").then().statusCode(403);
    }
}
