package io.penstock.controlplane.api;

import static io.penstock.controlplane.testing.Api.CLUSTERS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.penstock.controlplane.operations.BackgroundTask;
import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.Database;
import io.penstock.controlplane.testing.TestEnvironment;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import java.util.UUID;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
class IdempotencyTest {
    @Inject @Any Instance<BackgroundTask> tasks;

    private final String organization = Api.newOrganization();
    private final Api api = Api.as("alice", organization, "owner");

    @Test
    void aRepeatGetsTheFirstAnswerWithItsHeaders() {
        var first = create(api, "k", "first");
        var repeat = create(api, "k", "first");

        repeat.then()
                .statusCode(202)
                .header("Operation-Location", equalTo(first.getHeader("Operation-Location")))
                .body("id", equalTo(first.<String>path("id")));
    }

    @Test
    void aKeyIsOneCallersAlone() {
        create(api, "k", "mine").then().statusCode(202);

        create(Api.as("bob", organization, "owner"), "k", "his").then().statusCode(202);
        create(Api.ofNewOrganization(), "k", "theirs").then().statusCode(202);
    }

    @Test
    void whatWasRefusedIsNotKept() {
        create(api, "k", "Wrong").then().statusCode(400);

        create(api, "k", "right").then().statusCode(202);
    }

    @Test
    void keysExpireAfterADay() throws Exception {
        create(api, "k", "first").then().statusCode(202);
        create(api, "k", "second").then().statusCode(422);
        age("k", "23 hours 50 minutes");
        housekeeping().run();
        create(api, "k", "second").then().statusCode(422);
        age("k", "20 minutes");
        housekeeping().run();

        create(api, "k", "second").then().statusCode(202);
    }

    @Test
    void aCallOfADeadProcessIsTakenOverOnceNoCallCouldStillRun() throws Exception {
        var topics = CLUSTERS + "/" + api.activeCluster("cut-off") + "/topics";
        var body = "{\"name\": \"t\", \"partitions\": 1}";
        api.json(body).header("Idempotency-Key", "k").post(topics).then().statusCode(201);
        api.request().delete(topics + "/t").then().statusCode(204);
        assertThat(
                        Database.execute(
                                "update idempotency set status = null, body = null, headers = null where tenant = '"
                                        + organization
                                        + "' and key = 'k'"))
                .isEqualTo(1);

        api.json(body)
                .header("Idempotency-Key", "k")
                .post(topics)
                .then()
                .statusCode(409)
                .body("code", equalTo("request_in_progress"))
                .body("retryable", equalTo(true));
        age("k", "2 minutes");
        api.json(body).header("Idempotency-Key", "k").post(topics).then().statusCode(201);
        api.request().get(topics).then().body("items", hasSize(1));
    }

    /** The keys' index holds only so much: what does not fit there is no call that still runs. */
    @Test
    void aTargetOfAnyLengthIsAnsweredForWhatItIs() {
        var random = new StringBuilder();
        while (random.length() < 3000) {
            random.append(UUID.randomUUID().toString().replace("-", ""));
        }

        api.request()
                .header("Idempotency-Key", "k")
                .header("If-Match", "*")
                .delete(CLUSTERS + "/" + random)
                .then()
                .statusCode(404);
        api.json("{\"preset\": \"producer\"}")
                .header("Idempotency-Key", "k")
                .post(
                        CLUSTERS
                                + "/"
                                + api.activeCluster("long")
                                + "/principals/"
                                + random
                                + "/credentials")
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/principal"));
    }

    private void age(String key, String interval) throws Exception {
        assertThat(
                        Database.execute(
                                "update idempotency set created_at = created_at - interval '%s' where tenant = '%s' and key = '%s'"
                                        .formatted(interval, organization, key)))
                .isEqualTo(1);
    }

    private BackgroundTask housekeeping() {
        return tasks.stream()
                .filter(task -> task.name().equals("housekeeping"))
                .findFirst()
                .orElseThrow();
    }

    private static Response create(Api api, String key, String name) {
        return api.json("{\"name\": \"%s\", \"plan\": \"small\", \"brokers\": 1}".formatted(name))
                .header("Idempotency-Key", key)
                .post(CLUSTERS);
    }
}
