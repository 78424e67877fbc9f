package io.penstock.systemtests;

import static org.awaitility.Awaitility.await;

import io.penstock.systemtests.Api.Endpoints;

import java.time.Duration;

/**
 * One cluster of three brokers, made by acme's owner, for all tests that leave it as they found it.
 * Each test takes topics of its own.
 */
record SharedCluster(
        Installation installation, Api alice, Api.Operation creation, Clients application) {
    static final String NAME = "shared";
    static final String PREFIX = "app-";
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(3);
    private static SharedCluster made;

    static synchronized SharedCluster get() throws Exception {
        if (made == null) {
            var installation = Installation.running();
            var alice = installation.as("alice");
            var creation = alice.create(NAME, 3);
            alice.awaitSuccess(creation);
            var cluster = creation.clusterId();
            made =
                    new SharedCluster(
                            installation,
                            alice,
                            creation,
                            Clients.ofNewPrincipal(alice, cluster, "app", "admin", PREFIX));
        }
        return made;
    }

    String id() {
        return creation.clusterId();
    }

    String path() {
        return Api.CLUSTERS + "/" + id();
    }

    void awaitHealth() {
        await("health of " + id())
                .atMost(RECOVERY_LIMIT)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> "HEALTHY".equals(alice.get(path()).path("status.health")));
    }

    Endpoints endpoints() {
        return application.endpoints();
    }

    Clients newPrincipal(String principal, String preset) {
        return Clients.ofNewPrincipal(alice, id(), principal, preset, PREFIX);
    }
}
