package io.penstock.controlplane.api;

import static io.restassured.RestAssured.given;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.controlplane.testing.TestEnvironment;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
class OpenApiTest {
    private static final Path COMMITTED = Path.of("openapi.yaml");

    @Test
    void theCommittedDocumentIsTheGeneratedOne() throws IOException {
        var generated = given().get("/q/openapi").then().statusCode(200).extract().asString();
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(COMMITTED, generated);
        }

        assertThat(Files.readString(COMMITTED))
                .as(
                        "control-plane/openapi.yaml is out of date: run ./mvnw -pl control-plane -am test"
                                + " -Dtest=OpenApiTest -Dsurefire.failIfNoSpecifiedTests=false -DargLine=-Dopenapi.write=true")
                .isEqualTo(generated);
    }
}
