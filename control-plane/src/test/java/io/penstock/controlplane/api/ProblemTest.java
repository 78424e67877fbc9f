package io.penstock.controlplane.api;

import static io.penstock.controlplane.testing.Api.CLUSTERS;
import static io.restassured.RestAssured.given;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.TestEnvironment;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Base64;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
class ProblemTest {
    private static final String GOOD = "{\"name\": \"a\", \"plan\": \"small\", \"brokers\": 1}";
    private final Api api = Api.ofNewOrganization();

    @Test
    void aMethodThatAPathDoesNotHaveIs405WithThoseItHas() {
        problem(api.json("{}").put(CLUSTERS).then(), 405, "method_not_allowed")
                .header("Allow", equalTo("GET, HEAD, OPTIONS, POST"));
        problem(api.json("{}").patch(CLUSTERS + "/clu_x/topics").then(), 405, "method_not_allowed")
                .header("Allow", equalTo("GET, HEAD, OPTIONS, POST"));
        problem(api.json("{}").post(CLUSTERS + "/clu_x/topics/t").then(), 405, "method_not_allowed")
                .header("Allow", equalTo("DELETE, GET, HEAD, OPTIONS"));
        problem(api.request().delete("/api/v1/me").then(), 405, "method_not_allowed")
                .header("Allow", equalTo("GET, HEAD, OPTIONS"));
    }

    @Test
    void aBodyThatIsNotJsonIs415() {
        for (var type :
                new String[] {"text/plain", "application/xml", "application/octet-stream"}) {
            problem(
                    api.request().contentType(type).body(GOOD.getBytes()).post(CLUSTERS).then(),
                    415,
                    "unsupported_media_type");
        }
        api.request().get(CLUSTERS).then().body("items", hasSize(0));
    }

    @Test
    void noBodyAtAllIsRefused() {
        problem(api.request().noContentType().post(CLUSTERS).then(), 415, "unsupported_media_type");
        problem(
                        api.request().contentType("application/json").post(CLUSTERS).then(),
                        400,
                        "invalid_request")
                .body("errors.pointer", contains(""));
    }

    @Test
    void anAnswerThatIsNotJsonIs406() {
        problem(api.request().accept("image/png").get(CLUSTERS).then(), 406, "not_acceptable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": ",
                "{'name': 'a'}",
                "{\"name\": \"a\",}",
                "{\"brokers\": 01}",
                "{\"brokers\": NaN}",
                "{\"name\": \"a\"} x",
                "{\"name\": \"\u0001\"}",
                "{\"name\": \"a\", \"name\": \"a\", \"plan\": \"small\", \"brokers\": 1}",
            })
    void syntaxErrorsPointAtTheRoot(String body) {
        problem(api.json(body).post(CLUSTERS).then(), 400, "malformed_json")
                .body("errors.pointer", contains(""))
                .body("errors[0].detail", containsString("line 1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\": %s}", "{\"other\": %s}", "%s"})
    void nestingAThousandDeepIsRefused(String body) {
        api.json(body.formatted("[".repeat(1000) + "]".repeat(1000)))
                .post(CLUSTERS)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("errors", hasSize(1));
    }

    @Test
    void whatIsTooLargeIs413() {
        var body = "{\"name\": \"" + "a".repeat(2_000_000) + "\"}";
        problem(api.json(body).post(CLUSTERS).then(), 413, "too_large")
                .body("errors.pointer", contains(""));
    }

    @Test
    void wrongParametersArePointedAt() {
        for (var wait : new String[] {"30", "61s", "-1s", "1m"}) {
            problem(
                            api.request()
                                    .queryParam("wait", wait)
                                    .get("/api/v1/projects/default/operations/op_x")
                                    .then(),
                            400,
                            "invalid_request")
                    .body("errors.pointer", contains("/wait"));
        }
        for (var key : new String[] {"a b", "x".repeat(129)}) {
            api.json(GOOD)
                    .header("Idempotency-Key", key)
                    .post(CLUSTERS)
                    .then()
                    .statusCode(400)
                    .body("errors.pointer", contains("/Idempotency-Key"));
        }
    }

    @Test
    void unknownPathsAreProblemsToo() {
        problem(api.request().get("/api/v1/nothing").then(), 404, "not_found");
        problem(api.request().get("/api/v2/me").then(), 404, "not_found");
        problem(api.request().get("/api/v1/projects/absent/clusters").then(), 404, "not_found");
    }

    /** PostgreSQL's text cannot hold it. */
    @Test
    void aNulCharacterIsNothingThatIsThere() {
        for (var path :
                new String[] {
                    "/api/v1/projects/%00/clusters",
                    CLUSTERS + "/clu_x%00",
                    CLUSTERS + "/clu_x%00/topics",
                    "/api/v1/projects/default/operations/op_x%00"
                }) {
            problem(api.request().urlEncodingEnabled(false).get(path).then(), 404, "not_found");
        }
        var token = Base64.getUrlEncoder().encodeToString("v1:\0".getBytes(UTF_8));
        problem(
                        api.request().queryParam("page_token", token).get(CLUSTERS).then(),
                        400,
                        "invalid_request")
                .body("errors.pointer", contains("/page_token"));
    }

    @Test
    void aRequestIdThatIsSentComesBackAndNonsenseDoesNot() {
        api.request()
                .header("X-Request-Id", "trace-7")
                .get("/api/v1/projects/absent/clusters")
                .then()
                .header("X-Request-Id", equalTo("trace-7"))
                .body("request_id", equalTo("trace-7"));
        api.request()
                .header("X-Request-Id", "<script>")
                .get("/api/v1/projects/absent/clusters")
                .then()
                .body("request_id", not(containsString("script")));
    }

    @Test
    void preconditionsPointAtTheirHeader() {
        var path = CLUSTERS + "/" + api.create("guarded").path("target.cluster_id");

        problem(api.request().delete(path).then(), 428, "precondition_required")
                .body("errors.pointer", contains("/If-Match"));
        problem(
                        api.request().header("If-Match", "\"g9\"").delete(path).then(),
                        412,
                        "precondition_failed")
                .body("errors.pointer", contains("/If-Match"));
    }

    @Test
    void readinessNamesDatabaseAndEngine() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.find { it.name == 'operations engine' }.status", equalTo("UP"))
                .body("checks.find { it.name.contains('Database') }.status", equalTo("UP"));
    }

    @Test
    void metricsOpenToTheScrapeTokenOnly() {
        given().get("/q/metrics").then().statusCode(401);
        // Where the console is built in, its page may answer a path that is nothing else.
        given().get("//q/metrics").then().body(not(containsString("jvm_memory_used_bytes")));
        given().get("/q/%6Detrics").then().body(not(containsString("jvm_memory_used_bytes")));
        given().get("/q/metrics/").then().statusCode(401);
        api.request().get("/q/metrics").then().statusCode(401);
        given().auth()
                .oauth2(TestEnvironment.METRICS_TOKEN)
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("jvm_memory_used_bytes"));
    }

    private static ValidatableResponse problem(
            ValidatableResponse response, int status, String code) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("code", equalTo(code))
                .body("title", not(equalTo("")))
                .body("request_id", notNullValue())
                .body("retryable", equalTo(false));
    }
}
