package io.penstock.controlplane.testing;

import static io.restassured.RestAssured.given;

import static org.awaitility.Awaitility.await;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

import java.time.Duration;
import java.util.UUID;

/** The API as one user of one organization calls it. */
public record Api(String token) {
    public static final String CLUSTERS = "/api/v1/projects/default/clusters";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** An owner of an organization that no other test has. */
    public static Api ofNewOrganization() {
        return as("owner-of-it", newOrganization(), "owner");
    }

    public static String newOrganization() {
        return "org-" + UUID.randomUUID().toString().substring(0, 8);
    }

    public static Api as(String user, String organization, String role) {
        return new Api(TestIssuer.token(user, organization, role));
    }

    public RequestSpecification request() {
        return given().auth().oauth2(token);
    }

    public RequestSpecification json(String body) {
        return request().contentType(ContentType.JSON).body(body);
    }

    /** Asks for a cluster of one broker; answers the operation. */
    public Response create(String name) {
        return json("{\"name\": \"%s\", \"plan\": \"small\", \"brokers\": 1}".formatted(name))
                .post(CLUSTERS);
    }

    /** Creates a cluster and waits until it is active; answers its id. */
    public String activeCluster(String name) {
        var id = create(name).then().statusCode(202).extract().<String>path("target.cluster_id");
        awaitState(id, "ACTIVE");
        return id;
    }

    public void awaitState(String cluster, String state) {
        await().atMost(LIMIT)
                .until(
                        () ->
                                state.equals(
                                        request()
                                                .get(CLUSTERS + "/" + cluster)
                                                .path("status.state")));
    }

    public void awaitGone(String cluster) {
        await().atMost(LIMIT)
                .until(() -> request().get(CLUSTERS + "/" + cluster).statusCode() == 404);
    }

    public String etag(String cluster) {
        return request().get(CLUSTERS + "/" + cluster).getHeader("ETag");
    }
}
