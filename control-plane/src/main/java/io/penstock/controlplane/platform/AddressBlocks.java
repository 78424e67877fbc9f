package io.penstock.controlplane.platform;

import io.agroal.api.AgroalDataSource;
import io.penstock.controlplane.installation.PenstockConfiguration;
import io.quarkus.agroal.DataSource;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;

/**
 * Blocks of 64 addresses of the installation's range, one for each cluster of any tenant. The
 * table's keys let no two clusters have the same one.
 */
@ApplicationScoped
public class AddressBlocks {
    private static final Pattern RANGE =
            Pattern.compile("((?:[0-9]{1,3}\\.){3}[0-9]{1,3})/([0-9]{1,2})");
    private static final int BLOCK_BITS = 6;
    private static final int LOCK = 0x70_65_6e;

    private final AgroalDataSource database;
    private final int base;
    private final int blocks;

    @Inject
    AddressBlocks(
            @DataSource("engine") AgroalDataSource database, PenstockConfiguration configuration) {
        this(database, configuration.localRange());
    }

    AddressBlocks(AgroalDataSource database, String localRange) {
        this.database = database;
        var range = RANGE.matcher(localRange);
        if (!range.matches()) {
            throw new IllegalArgumentException(
                    "PENSTOCK_LOCAL_RANGE must be like 127.77.0.0/16, not " + localRange);
        }
        int prefix = Integer.parseInt(range.group(2));
        if (prefix < 8 || prefix > 32 - BLOCK_BITS) {
            throw new IllegalArgumentException(
                    "PENSTOCK_LOCAL_RANGE must have a prefix of 8 to 26");
        }
        this.base = toInt(range.group(1)) & -(1 << (32 - prefix));
        this.blocks = 1 << (32 - prefix - BLOCK_BITS);
    }

    /** A cluster's block. */
    public record Block(int base) {
        public String cidr() {
            return address(0) + "/" + (32 - BLOCK_BITS);
        }

        public String address(int host) {
            if (host < 0 || host >= 1 << BLOCK_BITS) {
                throw new IllegalArgumentException("No address " + host + " in a block");
            }
            try {
                return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(base + host).array())
                        .getHostAddress();
            } catch (UnknownHostException e) {
                throw new IllegalStateException("Four bytes are an address", e);
            }
        }
    }

    /** The cluster's block: the one it has, or the lowest that is free. */
    public Block allocate(String tenant, String clusterId) {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                lock(connection);
                int block = find(connection, clusterId);
                if (block < 0) {
                    block = insert(connection, tenant, clusterId);
                }
                connection.commit();
                return new Block(base + (block << BLOCK_BITS));
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot allocate addresses", e);
        }
    }

    /** Succeeds also when the cluster has none. */
    public void release(String clusterId) {
        try (var connection = database.getConnection();
                var statement =
                        connection.prepareStatement(
                                "delete from address_block where cluster_id = ?")) {
            statement.setString(1, clusterId);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot release addresses", e);
        }
    }

    private static void lock(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '10s'");
            statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
        }
    }

    private static int find(Connection connection, String clusterId) throws SQLException {
        try (var statement =
                connection.prepareStatement(
                        "select block from address_block where cluster_id = ?")) {
            statement.setString(1, clusterId);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getInt(1) : -1;
            }
        }
    }

    private int insert(Connection connection, String tenant, String clusterId) throws SQLException {
        try (var statement =
                connection.prepareStatement(
                        "insert into address_block (block, cluster_id, tenant)"
                                + " select free, ?, ? from generate_series(0, ?) free"
                                + " where not exists (select from address_block where block = free)"
                                + " order by free limit 1 returning block")) {
            statement.setString(1, clusterId);
            statement.setString(2, tenant);
            statement.setInt(3, blocks - 1);
            try (var rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException(
                            "All %d address blocks are taken".formatted(blocks));
                }
                return rows.getInt(1);
            }
        }
    }

    private static int toInt(String address) {
        try {
            return ByteBuffer.wrap(InetAddress.getByName(address).getAddress()).getInt();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("Not an address: " + address, e);
        }
    }
}
