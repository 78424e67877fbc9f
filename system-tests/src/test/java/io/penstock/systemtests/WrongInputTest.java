package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Wrong input is answered with the field at fault, and makes nothing. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrongInputTest {
    private Api alice;

    @BeforeAll
    void start() throws Exception {
        alice = Installation.running().as("alice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    /name            | {"name": "Wrong_Name", "plan": "small", "brokers": 1}
                    /name            | {"name": "ends-with-", "plan": "small", "brokers": 1}
                    /name            | {"plan": "small", "brokers": 1}
                    /name            | {"name": null, "plan": "small", "brokers": 1}
                    /name            | {"name": 7, "plan": "small", "brokers": 1}
                    /plan            | {"name": "wrong-input", "plan": "enormous", "brokers": 1}
                    /brokers         | {"name": "wrong-input", "plan": "small", "brokers": 0}
                    /brokers         | {"name": "wrong-input", "plan": "small", "brokers": 1000}
                    /brokers         | {"name": "wrong-input", "plan": "small", "brokers": "3"}
                    /brokers         | {"name": "wrong-input", "plan": "small", "brokers": true}
                    /version         | {"name": "wrong-input", "plan": "small", "brokers": 1, "version": "99.0"}
                    /zookeeper_nodes | {"name": "wrong-input", "plan": "small", "brokers": 1, "zookeeper_nodes": 2}
                    /unknown         | {"name": "wrong-input", "plan": "small", "brokers": 1, "unknown": 1}
                    """)
    void theProblemPointsAtTheFieldAndNothingIsMade(String pointer, String body) {
        var before = alice.clusterNames();

        var response = alice.request().body(body).post(Api.CLUSTERS);

        assertThat(response.statusCode()).as(response.asString()).isBetween(400, 499);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.<List<String>>path("errors.pointer")).contains(pointer);
        assertThat(alice.clusterNames()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock = "{\"name\":\n[]\n\"text\"\n{} {}")
    void whatIsNoObjectIsAProblemToo(String body) {
        var response = alice.request().body(body).post(Api.CLUSTERS);

        assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
        assertThat(response.contentType()).startsWith("application/problem+json");
    }
}
