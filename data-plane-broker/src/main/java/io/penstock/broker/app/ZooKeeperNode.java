package io.penstock.broker.app;

import io.penstock.broker.config.HostPort;

import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A ZooKeeper server in this process, with a management port of ours. */
final class ZooKeeperNode implements Foreground.Server, ManagementSource {

    private final int id;
    private final String version;
    private final long startedNanos = System.nanoTime();
    private final ZooKeeperMember member;
    private final Optional<ManagementServer> management;
    private volatile boolean stopping;

    private ZooKeeperNode(
            int id, String version, ZooKeeperMember member, ZooKeeperSettings settings) {
        this.id = id;
        this.version = version;
        this.member = member;
        this.management = settings.managementListener().map(address -> manage(settings, address));
    }

    /**
     * @throws StartException when the configuration cannot be used
     */
    static ZooKeeperNode start(ZooKeeperSettings settings, String version) {
        settings.prepareData();
        settings.applyLargestMessage();
        QuorumPeerConfig config = new QuorumPeerConfig();
        try {
            config.parseProperties(settings.zooKeeper());
        } catch (Exception e) {
            throw new StartException("ZooKeeper's configuration: " + e.getMessage(), e);
        }
        int id = settings.id().orElse(config.isDistributed() ? (int) config.getServerId() : 1);
        ZooKeeperMember member = ZooKeeperMember.start(config);
        try {
            return new ZooKeeperNode(id, version, member, settings);
        } catch (RuntimeException e) {
            member.stop();
            throw e;
        }
    }

    /** Where the management port listens. */
    Optional<InetSocketAddress> managementAddress() {
        return management.map(ManagementServer::address);
    }

    @Override
    public Health health() {
        String mode = member.mode();
        boolean isServing =
                !stopping
                        && !mode.equals("looking")
                        && member.server().filter(ZooKeeperServer::isRunning).isPresent();
        Health.State state =
                stopping
                        ? Health.State.STOPPING
                        : isServing ? Health.State.RUNNING : Health.State.STARTING;
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("role", "zookeeper");
        report.put("node_id", id);
        report.put("version", version);
        report.put("state", state.name());
        report.put("mode", mode);
        report.put("uptime_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
        return new Health(isServing, report);
    }

    @Override
    public CompletableFuture<String> metrics() {
        return CompletableFuture.completedFuture(
                ZooKeeperMetrics.text(health().serving(), member.server()));
    }

    @Override
    public void awaitEnd() throws InterruptedException {
        member.awaitEnd();
    }

    @Override
    public void close() {
        stopping = true;
        management.ifPresent(ManagementServer::close);
        member.stop();
    }

    private ManagementServer manage(ZooKeeperSettings settings, HostPort address) {
        return ManagementServer.start(
                new InetSocketAddress(address.host(), address.port()),
                settings.tls().map(ManagementTls::server),
                this);
    }
}
