package io.penstock.broker.app;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.zookeeper.server.auth.ProviderRegistry;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A real cluster on loopback as the control plane configures one: ZooKeeper with mutual TLS in this
 * process, brokers in processes of their own, SCRAM over TLS for clients, mutual TLS inside.
 */
final class TestCluster implements AutoCloseable {

    static final Duration LIMIT = Duration.ofMinutes(3);

    /** A connection that is not made in this time is given up, however busy the machine is. */
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(18);

    private final TestAuthority authority = new TestAuthority("cluster");
    private final Path folder;
    private final Properties zooKeeperProperties;
    private final Duration sessionTimeout;
    private ZooKeeperNode zooKeeper;
    private final List<BrokerProcess> brokers = new ArrayList<>();
    private final int[] ports;
    private final TestAuthority.Identity controlPlane =
            authority.identity("CN=control-plane,OU=control-plane,O=clu_test");

    private TestCluster(Path folder, int count, Duration sessionTimeout) throws IOException {
        this.folder = folder;
        this.sessionTimeout = sessionTimeout;
        this.ports = FreePorts.take(1 + 3 * count);
        this.zooKeeperProperties = zooKeeperProperties();
        startZooKeeper();
        HttpClient http =
                HttpClient.newBuilder()
                        .sslContext(controlPlane.context())
                        .connectTimeout(Duration.ofSeconds(2))
                        .build();
        try {
            for (int id = 0; id < count; id++) {
                brokers.add(BrokerProcess.of(folder, brokerProperties(id), http).start());
            }
            brokers.forEach(BrokerProcess::awaitRunning);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    static TestCluster of(Path folder, int brokers) throws IOException {
        return of(folder, brokers, SESSION_TIMEOUT);
    }

    static TestCluster of(Path folder, int brokers, Duration sessionTimeout) throws IOException {
        return new TestCluster(folder, brokers, sessionTimeout);
    }

    /** Again after {@link #stopZooKeeper}, at the same address and with what it knew. */
    void startZooKeeper() throws IOException {
        // It keeps, for the whole JVM, whom the first server trusted: another cluster's authority.
        ProviderRegistry.reset();
        zooKeeper = ZooKeeperNode.start(ZooKeeperSettings.from(zooKeeperProperties), "test");
    }

    /** The whole ensemble is gone. */
    void stopZooKeeper() {
        zooKeeper.close();
    }

    BrokerProcess broker(int id) {
        return brokers.get(id);
    }

    List<BrokerProcess> brokers() {
        return brokers;
    }

    /** As the control plane, on the internal listener. */
    Admin admin() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap(2));
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SSL");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.key", controlPlane.privateKeyPem());
        settings.put("ssl.keystore.certificate.chain", controlPlane.certificatePem());
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.certificates", authority.certificatePem());
        return Admin.create(settings);
    }

    /** A tenant's application. */
    Map<String, Object> client(String user) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap(1));
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_SSL");
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.certificates", authority.certificatePem());
        settings.put("sasl.mechanism", "SCRAM-SHA-512");
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                        + user
                        + "\" password=\""
                        + password(user)
                        + "\";");
        return settings;
    }

    /** The same for kcat, in a file rather than on its command line. */
    Path kcatFile(String user) throws IOException {
        Path ca = folder.resolve("kcat-ca.pem");
        Files.writeString(ca, authority.certificatePem());
        return Files.write(
                folder.resolve("kcat.properties"),
                List.of(
                        "bootstrap.servers=" + bootstrap(1),
                        "security.protocol=SASL_SSL",
                        "sasl.mechanism=SCRAM-SHA-512",
                        "sasl.username=" + user,
                        "sasl.password=" + password(user),
                        "ssl.ca.location=" + ca));
    }

    /** Makes the user, and lets it do these things to all topics and groups. */
    void credential(Admin admin, String user, AclOperation... topicOperations) throws Exception {
        admin.alterUserScramCredentials(
                        List.of(
                                new UserScramCredentialUpsertion(
                                        user,
                                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                                        password(user))))
                .all()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        List<AclBinding> bindings = new ArrayList<>();
        for (AclOperation operation : topicOperations) {
            bindings.add(allow(user, ResourceType.TOPIC, operation));
        }
        bindings.add(allow(user, ResourceType.GROUP, AclOperation.READ));
        admin.createAcls(bindings).all().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static AclBinding allow(String user, ResourceType type, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, "*", PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    private static String password(String user) {
        return "secret-of-" + user;
    }

    @Override
    public void close() {
        brokers.forEach(BrokerProcess::close);
        zooKeeper.close();
    }

    /** Each broker has one of its own. */
    static String rack(int broker) {
        return "rack-" + broker;
    }

    /** Ports of a broker: 1 for clients, 2 inside, 3 management. */
    private int port(int broker, int kind) {
        return ports[broker * 3 + kind];
    }

    private int count() {
        return (ports.length - 1) / 3;
    }

    private String bootstrap(int kind) {
        return IntStream.range(0, count())
                .mapToObj(broker -> "127.0.0.1:" + port(broker, kind))
                .collect(Collectors.joining(","));
    }

    private Properties zooKeeperProperties() throws IOException {
        Path home = Files.createDirectory(folder.resolve("zookeeper"));
        TestAuthority.Identity identity =
                authority.identity("CN=zookeeper-1,OU=zookeeper,O=clu_test");
        Properties properties = new Properties();
        properties.setProperty("dataDir", home.resolve("data").toString());
        properties.setProperty("tickTime", "1000");
        properties.setProperty("maxClientCnxns", "0");
        properties.setProperty(
                "serverCnxnFactory", "org.apache.zookeeper.server.NettyServerCnxnFactory");
        properties.setProperty("secureClientPort", Integer.toString(ports[0]));
        properties.setProperty("secureClientPortAddress", "127.0.0.1");
        properties.setProperty("ssl.clientAuth", "need");
        properties.setProperty("ssl.keyStore.type", "PEM");
        properties.setProperty("ssl.keyStore.location", identity.writeKeyStore(home).toString());
        properties.setProperty("ssl.trustStore.type", "PEM");
        properties.setProperty(
                "ssl.trustStore.location", identity.writeTrustStore(home).toString());
        return properties;
    }

    private Properties brokerProperties(int id) throws IOException {
        Path home = Files.createDirectory(folder.resolve("identity-" + id));
        TestAuthority.Identity identity =
                authority.identity("CN=broker-" + id + ",OU=broker,O=clu_test");
        String keyStore = identity.writeKeyStore(home).toString();
        String trustStore = identity.writeTrustStore(home).toString();
        Properties properties = new Properties();
        properties.setProperty("broker.id", Integer.toString(id));
        properties.setProperty("log.dirs", folder.resolve("logs-" + id).toString());
        properties.setProperty(
                "listeners",
                "CLIENT://127.0.0.1:%d,INTERNAL://127.0.0.1:%d"
                        .formatted(port(id, 1), port(id, 2)));
        properties.setProperty("listener.security.protocol.map", "CLIENT:SASL_SSL,INTERNAL:SSL");
        properties.setProperty("inter.broker.listener.name", "INTERNAL");
        properties.setProperty("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        properties.setProperty("listener.name.internal.ssl.client.auth", "required");
        properties.setProperty(
                "ssl.principal.mapping.rules",
                "RULE:^CN=[^,]+,OU=(broker|control-plane),.*$/OU=$1/,DEFAULT");
        properties.setProperty(
                "authorizer.class.name", "io.penstock.broker.security.AclAuthorizer");
        properties.setProperty("super.users", "User:OU=broker;User:OU=control-plane");
        properties.setProperty("zookeeper.connect", "127.0.0.1:" + ports[0]);
        properties.setProperty(
                "zookeeper.session.timeout.ms", Long.toString(sessionTimeout.toMillis()));
        properties.setProperty("zookeeper.connection.timeout.ms", "60000");
        properties.setProperty("zookeeper.ssl.client.enable", "true");
        properties.setProperty(
                "zookeeper.clientCnxnSocket", "org.apache.zookeeper.ClientCnxnSocketNetty");
        for (String prefix : List.of("ssl.", "zookeeper.ssl.")) {
            properties.setProperty(prefix + "keystore.type", "PEM");
            properties.setProperty(prefix + "keystore.location", keyStore);
            properties.setProperty(prefix + "truststore.type", "PEM");
            properties.setProperty(prefix + "truststore.location", trustStore);
        }
        properties.setProperty("broker.rack", rack(id));
        properties.setProperty(
                "replica.selector.class",
                "org.apache.kafka.common.replica.RackAwareReplicaSelector");
        properties.setProperty("offsets.topic.num.partitions", "6");
        properties.setProperty(
                "offsets.topic.replication.factor", Integer.toString(Math.min(3, count())));
        properties.setProperty("group.initial.rebalance.delay.ms", "200");
        properties.setProperty("penstock.management.listener", "127.0.0.1:" + port(id, 3));
        return properties;
    }
}
