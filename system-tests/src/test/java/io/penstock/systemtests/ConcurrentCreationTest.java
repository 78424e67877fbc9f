package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.systemtests.Api.Operation;

import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Two clusters made at the same time, one of them asked for repeatedly with one key. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConcurrentCreationTest {
    private final String key = UUID.randomUUID().toString();
    private Installation installation;
    private Api alice;
    private List<Operation> repeated;
    private Operation first;
    private Operation second;
    private Clients firstApplication;
    private Clients secondApplication;

    @BeforeAll
    void createBothAtOnce() throws Exception {
        installation = Installation.running();
        alice = installation.as("alice");
        var other = started(() -> alice.create("at-once-b", 1));
        var repetitions =
                List.of(
                        started(() -> alice.create("at-once-a", 1, key)),
                        started(() -> alice.create("at-once-a", 1, key)));
        second = other.join();
        repeated = repetitions.stream().map(CompletableFuture::join).toList();
        first = repeated.getFirst();
        alice.awaitSuccess(first);
        alice.awaitSuccess(second);
        firstApplication = application(first.clusterId(), "first");
        secondApplication = application(second.clusterId(), "second");
    }

    @AfterAll
    void deleteBoth() {
        var deletions = List.of(alice.delete(first.clusterId()), alice.delete(second.clusterId()));
        deletions.forEach(alice::awaitSuccess);
    }

    @Test
    void theSameCreateSentTwiceMakesOneCluster() {
        assertThat(repeated).containsOnly(first);
        assertThat(alice.create("at-once-a", 1, key)).as("after its end").isEqualTo(first);
        assertThat(alice.clusterNames()).containsOnlyOnce("at-once-a");
    }

    @Test
    void bothWork() throws Exception {
        for (var application : List.of(firstApplication, secondApplication)) {
            var values = List.of(application.endpoints().servers());
            application.produce("events", values);
            assertThat(application.consume("events", "readers", 1)).isEqualTo(values);
        }
    }

    @Test
    void noAddressIsSharedAndEveryNodeIsOnce() throws Exception {
        var addresses = new ArrayList<>(alice.addresses(first.clusterId()));
        addresses.addAll(alice.addresses(second.clusterId()));

        assertThat(addresses).hasSize(4).doesNotHaveDuplicates();
        assertThat(LocalNode.of(installation, first.clusterId())).hasSize(2);
        assertThat(LocalNode.of(installation, second.clusterId())).hasSize(2);
    }

    @Test
    void theCredentialOfOneClusterIsRefusedByTheOther() {
        var stranger = new Clients(firstApplication.endpoints(), secondApplication.credential());

        assertThatThrownBy(() -> stranger.produce("events", List.of("forbidden")))
                .hasStackTraceContaining(SaslAuthenticationException.class.getName());
    }

    private Clients application(String cluster, String principal) {
        alice.createTopic(cluster, "events", 1);
        return Clients.ofNewPrincipal(alice, cluster, principal, "admin", "");
    }

    private static <T> CompletableFuture<T> started(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, task -> Thread.ofVirtual().start(task));
    }
}
