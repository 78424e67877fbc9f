package io.penstock.controlplane.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.penstock.controlplane.testing.Api;
import io.penstock.controlplane.testing.Database;
import io.penstock.controlplane.testing.TestEnvironment;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

@QuarkusTest
@QuarkusTestResource(TestEnvironment.class)
class AddressBlocksTest {
    @Inject AddressBlocks blocks;

    @Inject
    @DataSource("engine")
    AgroalDataSource database;

    private final String tenant = Api.newOrganization();
    private final List<String> clusters = new ArrayList<>();

    @AfterEach
    void release() {
        clusters.forEach(blocks::release);
    }

    @Test
    void concurrentClustersGetBlocksOfTheirOwn() throws Exception {
        var ids = clusters(12);
        Set<String> networks = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls =
                    ids.stream()
                            .<Callable<String>>map(id -> () -> blocks.allocate(tenant, id).cidr())
                            .toList();
            for (var network : threads.invokeAll(calls)) {
                networks.add(network.get());
            }
        }

        assertThat(networks).hasSize(12).allMatch(cidr -> cidr.endsWith("/26"));
    }

    @Test
    void aClusterKeepsItsBlockUntilItIsReleased() throws SQLException {
        var ids = clusters(2);

        var first = blocks.allocate(tenant, ids.getFirst());

        assertThat(blocks.allocate(tenant, ids.getFirst())).isEqualTo(first);
        blocks.release(ids.getFirst());
        blocks.release(ids.getFirst());
        assertThat(blocks.allocate(tenant, ids.getLast())).isEqualTo(first);
    }

    @Test
    void aRangeThatIsFullSaysSo() throws SQLException {
        var ids = clusters(2);
        var oneBlock = new AddressBlocks(database, "127.200.0.0/26");
        Database.execute(
                "insert into address_block (block, cluster_id, tenant) values (0, '"
                        + ids.getFirst()
                        + "', '"
                        + tenant
                        + "') on conflict do nothing");

        assertThatThrownBy(() -> oneBlock.allocate(tenant, ids.getLast()))
                .hasMessageContaining("All 1 address blocks are taken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.0", "127.0.0.0/27", "127.0.0.0/7", "loopback/16", ""})
    void aRangeThatIsNoneIsRefused(String range) {
        assertThatThrownBy(() -> new AddressBlocks(database, range))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PENSTOCK_LOCAL_RANGE");
    }

    @Test
    void addressesAreOfTheBlock() throws SQLException {
        var block =
                new AddressBlocks(database, "127.77.5.9/16")
                        .allocate(tenant, clusters(1).getFirst());

        assertThat(block.cidr()).startsWith("127.77.");
        assertThat(block.address(5)).startsWith("127.77.");
        assertThatThrownBy(() -> block.address(64)).isInstanceOf(IllegalArgumentException.class);
    }

    private List<String> clusters(int count) throws SQLException {
        var project = "prj_" + tenant;
        Database.execute(
                "insert into project (id, tenant, name) values ('%s', '%s', 'blocks') on conflict do nothing"
                        .formatted(project, tenant));
        for (int index = 0; index < count; index++) {
            var id = "clu_" + tenant + "-" + index;
            Database.execute(
                    """
                    insert into cluster (id, tenant, project_id, project_name, name, plan, brokers, zookeeper_nodes,
                     version, platform, isolation, generation, state)
                    values ('%1$s', '%2$s', '%3$s', 'blocks', 'c%4$d', 'small', 1, 1, '1', 'local', 'process', 1, 'ACTIVE')
                    """
                            .formatted(id, tenant, project, index));
            clusters.add(id);
        }
        return List.copyOf(clusters);
    }
}
