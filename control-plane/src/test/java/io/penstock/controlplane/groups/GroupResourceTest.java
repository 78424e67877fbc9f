package io.penstock.controlplane.groups;

import static io.penstock.controlplane.testing.Api.CLUSTERS;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.FakePlatform;
import io.penstock.controlplane.testing.TestEnvironment;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
class GroupResourceTest {
    @Test
    void offsetsTellTheLagOfEachPartition() {
        var api = Api.ofNewOrganization();
        var groups = CLUSTERS + "/" + api.activeCluster("with-groups") + "/groups/";

        api.request()
                .get(groups + FakePlatform.GROUP + "/offsets")
                .then()
                .statusCode(200)
                .body("group", equalTo(FakePlatform.GROUP))
                .body("state", equalTo("Stable"))
                .body("total_lag", equalTo(5))
                .body("partitions.topic", contains("orders"))
                .body("partitions.partition", contains(0))
                .body("partitions.committed_offset", contains(37))
                .body("partitions.end_offset", contains(42))
                .body("partitions.lag", contains(5));
        api.request().get(groups + "unknown/offsets").then().statusCode(404);
    }
}
