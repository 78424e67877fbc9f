package io.penstock.broker.app;

import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Makes the AOT cache of the nodes: {@code NodeTraining DIST}, where {@code DIST/lib} has the jars,
 * writes {@code DIST/node.aot}. One process is an ensemble of ZooKeeper servers and two brokers at
 * once, as a control plane would have them; it enrols, and clients do with it what tenants do. The
 * JVM keeps which classes it loaded and which methods were hot. The cache serves every folder with
 * the same jars in the same order, of the same sizes and times.
 */
final class NodeTraining {

    private static final long LIMIT_SECONDS = 180;
    private static final int ATTEMPTS = 2;
    private static final int BROKERS = 2;
    private static final int ZOOKEEPERS = 3;
    private static final int RECORDS = 5_000;
    private static final String USER = "app";
    private static final String PASSWORD = "training";
    private static final String TOPIC = "records";

    private final Path dist;
    private final Path work;
    private final TestAuthority authority = new TestAuthority("cluster");
    private final TestAuthority.Identity controlPlane =
            authority.identity("CN=control-plane,OU=control-plane,O=clu_test");

    /** Of each ZooKeeper: client, quorum, election, management; of each broker: three. */
    private final int[] ports = FreePorts.take(4 * ZOOKEEPERS + 3 * BROKERS);

    private NodeTraining(Path dist, Path work) {
        this.dist = dist;
        this.work = work;
    }

    public static void main(String[] arguments) throws Exception {
        Path dist = Path.of(arguments[0]).toAbsolutePath();
        Path cache = dist.resolve("node.aot");
        if (isUpToDate(cache, dist.resolve("lib"))) {
            return;
        }
        Files.deleteIfExists(cache);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (train(dist, cache)) {
                System.exit(0);
            }
        }
        System.err.println(
                "Nodes would start slowly and take more memory without their AOT cache, so the build"
                        + " fails here. To build without it: -Dpenstock.training.skip=true");
        System.exit(1);
    }

    private static boolean train(Path dist, Path cache) throws IOException {
        Path work = Files.createTempDirectory("penstock-training-");
        try {
            new NodeTraining(dist, work).run(cache);
            delete(work);
            return true;
        } catch (Exception e) {
            System.err.println(
                    "The nodes' AOT cache was not made: " + e + "; the nodes' log is in " + work);
            return false;
        }
    }

    private static boolean isUpToDate(Path cache, Path jars) throws IOException {
        if (!Files.exists(cache)) {
            return false;
        }
        long made = Files.getLastModifiedTime(cache).toMillis();
        try (Stream<Path> files = Files.list(jars)) {
            for (Path jar : files.toList()) {
                if (Files.getLastModifiedTime(jar).toMillis() >= made) {
                    return false;
                }
            }
        }
        return true;
    }

    private void run(Path cache) throws Exception {
        Path unfinished = work.resolve("node.aot");
        try (EnrolmentServer enrolment = new EnrolmentServer(authority)) {
            List<String> folders = describeNodes(enrolment);
            Process process = start(folders, unfinished);
            try {
                awaitRunning(process);
                use();
                process.destroy();
                // The JVM writes the cache before it ends.
                if (!process.waitFor(2 * LIMIT_SECONDS, TimeUnit.SECONDS)
                        || process.exitValue() != 0
                        || !Files.exists(unfinished)) {
                    throw new IllegalStateException("no cache was made");
                }
            } finally {
                process.destroyForcibly();
            }
        }
        Path beside = cache.resolveSibling("node.aot.unfinished");
        Files.copy(unfinished, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, cache, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> describeNodes(EnrolmentServer enrolment) throws IOException {
        List<String> folders = new ArrayList<>();
        for (int id = 1; id <= ZOOKEEPERS; id++) {
            folders.add(describe(enrolment, "zookeeper", id, zooKeeperProperties(id)));
        }
        for (int id = 0; id < BROKERS; id++) {
            folders.add(describe(enrolment, "broker", id, brokerProperties(id)));
        }
        return folders;
    }

    private String describe(
            EnrolmentServer enrolment, String role, int id, Map<String, String> properties)
            throws IOException {
        String name = role + "-" + id;
        enrolment.expect(name, properties);
        enrolment.describe(work.resolve(name), name, id, role);
        return work.resolve(name).toString();
    }

    /** With the options of a node that decide whether a cache fits: see node-supervisor. */
    private Process start(List<String> folders, Path cache) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx512m",
                        "-XX:+UseG1GC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Djava.awt.headless=true",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:AOTCacheOutput=" + cache,
                        "-cp",
                        classPath(),
                        "io.penstock.broker.app.NodeMain"));
        command.addAll(folders);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    /** Sorted by bytes, as who starts a node sorts them too. */
    private String classPath() throws IOException {
        try (Stream<Path> jars = Files.list(dist.resolve("lib"))) {
            return String.join(
                    ":",
                    jars.map(Path::toString).filter(j -> j.endsWith(".jar")).sorted().toList());
        }
    }

    private Path log() {
        return work.resolve("nodes.log");
    }

    private void awaitRunning(Process process) throws Exception {
        try (HttpClient http = HttpClient.newBuilder().sslContext(controlPlane.context()).build()) {
            for (int id = 0; id < BROKERS; id++) {
                URI management = URI.create("https://127.0.0.1:" + brokerPort(id, 2));
                await("the nodes to serve")
                        .atMost(Duration.ofSeconds(LIMIT_SECONDS))
                        .until(
                                () ->
                                        !process.isAlive()
                                                || answers(http, management.resolve("/health")));
                if (!process.isAlive()) {
                    throw new IllegalStateException(
                            "the nodes ended with status " + process.exitValue());
                }
                answers(http, management.resolve("/metrics"));
            }
        }
    }

    private static boolean answers(HttpClient http, URI uri) throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(uri)
                                            .timeout(Duration.ofSeconds(10))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** What tenants and their control plane do. */
    private void use() throws Exception {
        try (Admin admin = Admin.create(internalSettings())) {
            admin.describeCluster().nodes().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            makeUser(admin);
            admin.createTopics(List.of(new NewTopic(TOPIC, 4, (short) 1)))
                    .all()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            for (String compression : List.of("none", "lz4")) {
                produce(compression);
            }
            consume("classic");
            consume("consumer");
            admin.listConsumerGroupOffsets("group-classic")
                    .all()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            admin.listOffsets(Map.of(new TopicPartition(TOPIC, 0), OffsetSpec.latest()))
                    .all()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            admin.describeTopics(List.of(TOPIC))
                    .allTopicNames()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            admin.deleteTopics(List.of(TOPIC)).all().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void makeUser(Admin admin) throws Exception {
        admin.alterUserScramCredentials(
                        List.of(
                                new UserScramCredentialUpsertion(
                                        USER,
                                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                                        PASSWORD)))
                .all()
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        admin.createAcls(
                        Stream.of(ResourceType.TOPIC, ResourceType.GROUP)
                                .map(
                                        type ->
                                                new AclBinding(
                                                        new ResourcePattern(
                                                                type, "*", PatternType.LITERAL),
                                                        new AccessControlEntry(
                                                                "User:" + USER,
                                                                "*",
                                                                AclOperation.ALL,
                                                                AclPermissionType.ALLOW)))
                                .toList())
                .all()
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private void produce(String compression) throws InterruptedException, ExecutionException {
        Map<String, Object> settings = clientSettings();
        settings.put("compression.type", compression);
        settings.put("linger.ms", "5");
        try (var producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS - 1; i++) {
                producer.send(new ProducerRecord<>(TOPIC, "key-" + i % 100, "a value " + i));
            }
            producer.send(new ProducerRecord<>(TOPIC, "key", "last")).get();
        }
    }

    private void consume(String protocol) {
        Map<String, Object> settings = clientSettings();
        settings.put("group.id", "group-" + protocol);
        settings.put("group.protocol", protocol);
        settings.put("auto.offset.reset", "earliest");
        try (var consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
            int left = 2 * RECORDS;
            while (left > 0) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(left + " records did not come");
                }
                left -= consumer.poll(Duration.ofMillis(200)).count();
            }
            consumer.commitSync();
        }
    }

    private Map<String, Object> internalSettings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", "127.0.0.1:" + brokerPort(0, 1));
        settings.put("security.protocol", "SSL");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.key", controlPlane.privateKeyPem());
        settings.put("ssl.keystore.certificate.chain", controlPlane.certificatePem());
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.certificates", authority.certificatePem());
        return settings;
    }

    private Map<String, Object> clientSettings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", "127.0.0.1:" + brokerPort(0, 0));
        settings.put("security.protocol", "SASL_SSL");
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.certificates", authority.certificatePem());
        settings.put("sasl.mechanism", "SCRAM-SHA-512");
        settings.put(
                "sasl.jaas.config",
                ("org.apache.kafka.common.security.scram.ScramLoginModule required"
                                + " username=\"%s\" password=\"%s\";")
                        .formatted(USER, PASSWORD));
        return settings;
    }

    private int zooKeeperPort(int id, int kind) {
        return ports[(id - 1) * 4 + kind];
    }

    private int brokerPort(int id, int kind) {
        return ports[4 * ZOOKEEPERS + id * 3 + kind];
    }

    private Map<String, String> zooKeeperProperties(int id) {
        Map<String, String> properties = new HashMap<>();
        properties.put("penstock.zookeeper.myid", Integer.toString(id));
        properties.put("dataDir", "${data}/zookeeper");
        properties.put("tickTime", "2000");
        properties.put("initLimit", "10");
        properties.put("syncLimit", "5");
        properties.put("serverCnxnFactory", "org.apache.zookeeper.server.NettyServerCnxnFactory");
        properties.put("secureClientPort", Integer.toString(zooKeeperPort(id, 0)));
        properties.put("secureClientPortAddress", "127.0.0.1");
        properties.put("ssl.clientAuth", "need");
        properties.put("sslQuorum", "true");
        for (String prefix : List.of("ssl.", "ssl.quorum.")) {
            properties.put(prefix + "keyStore.type", "PEM");
            properties.put(prefix + "keyStore.location", "${identity}/keystore.pem");
            properties.put(prefix + "trustStore.type", "PEM");
            properties.put(prefix + "trustStore.location", "${identity}/ca.pem");
        }
        for (int member = 1; member <= ZOOKEEPERS; member++) {
            properties.put(
                    "server." + member,
                    "127.0.0.1:%d:%d"
                            .formatted(zooKeeperPort(member, 1), zooKeeperPort(member, 2)));
        }
        properties.put("penstock.management.listener", "127.0.0.1:" + zooKeeperPort(id, 3));
        return properties;
    }

    private Map<String, String> brokerProperties(int id) {
        Map<String, String> properties = new HashMap<>();
        properties.put("broker.id", Integer.toString(id));
        properties.put("log.dirs", "${data}/logs");
        properties.put(
                "listeners",
                "CLIENT://127.0.0.1:%d,INTERNAL://127.0.0.1:%d"
                        .formatted(brokerPort(id, 0), brokerPort(id, 1)));
        properties.put("listener.security.protocol.map", "CLIENT:SASL_SSL,INTERNAL:SSL");
        properties.put("inter.broker.listener.name", "INTERNAL");
        properties.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        properties.put("listener.name.internal.ssl.client.auth", "required");
        properties.put(
                "ssl.principal.mapping.rules",
                "RULE:^CN=[^,]+,OU=(broker|control-plane),.*$/OU=$1/,DEFAULT");
        properties.put("authorizer.class.name", "io.penstock.broker.security.AclAuthorizer");
        properties.put("super.users", "User:OU=broker;User:OU=control-plane");
        properties.put("zookeeper.connect", zooKeeperConnect());
        properties.put("zookeeper.session.timeout.ms", "18000");
        properties.put("zookeeper.ssl.client.enable", "true");
        properties.put("zookeeper.clientCnxnSocket", "org.apache.zookeeper.ClientCnxnSocketNetty");
        for (String prefix : List.of("ssl.", "zookeeper.ssl.")) {
            properties.put(prefix + "keystore.type", "PEM");
            properties.put(prefix + "keystore.location", "${identity}/keystore.pem");
            properties.put(prefix + "truststore.type", "PEM");
            properties.put(prefix + "truststore.location", "${identity}/ca.pem");
        }
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("group.initial.rebalance.delay.ms", "100");
        properties.put("penstock.management.listener", "127.0.0.1:" + brokerPort(id, 2));
        return properties;
    }

    private String zooKeeperConnect() {
        List<String> servers = new ArrayList<>();
        for (int id = 1; id <= ZOOKEEPERS; id++) {
            servers.add("127.0.0.1:" + zooKeeperPort(id, 0));
        }
        return String.join(",", servers);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
