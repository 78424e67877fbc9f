package io.penstock.systemtests;

import static org.awaitility.Awaitility.await;

import io.penstock.systemtests.Api.Credential;
import io.penstock.systemtests.Api.Endpoints;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Unchanged Kafka clients of one tenant: the Java ones, and kcat. */
record Clients(Endpoints endpoints, Credential credential) {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    Properties properties() {
        var properties = new Properties();
        properties.put("bootstrap.servers", endpoints.servers());
        properties.put("security.protocol", "SASL_SSL");
        properties.put("sasl.mechanism", "SCRAM-SHA-512");
        properties.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(credential.username(), credential.password()));
        properties.put("ssl.truststore.type", "PEM");
        properties.put("ssl.truststore.certificates", endpoints.authorityPem());
        properties.put("request.timeout.ms", "20000");
        properties.put("default.api.timeout.ms", "60000");
        properties.put("delivery.timeout.ms", "60000");
        properties.put("max.block.ms", "60000");
        return properties;
    }

    /** Clients of a principal that is made now. */
    static Clients ofNewPrincipal(
            Api api, String cluster, String principal, String preset, String prefix) {
        var clients =
                new Clients(
                        api.endpoints(cluster), api.credential(cluster, principal, preset, prefix));
        clients.awaitAccepted();
        return clients;
    }

    /**
     * Waits until every broker signs this credential in: each learns of it for itself, and to
     * clients a refusal is final.
     */
    void awaitAccepted() {
        for (var server : endpoints.servers().split(",")) {
            await("sign-in at " + server)
                    .atMost(LIMIT)
                    .ignoreExceptionsInstanceOf(ExecutionException.class)
                    .until(() -> signsIn(server));
        }
    }

    private boolean signsIn(String server)
            throws ExecutionException, InterruptedException, TimeoutException {
        return ask(server, admin -> !answer(admin.describeCluster().nodes()).isEmpty());
    }

    /** The brokers of each partition's replicas, and of those the ones in sync. */
    List<Replicas> replicas(String topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        return ask(
                endpoints.servers(),
                admin ->
                        answer(admin.describeTopics(List.of(topic)).allTopicNames())
                                .get(topic)
                                .partitions()
                                .stream()
                                .map(
                                        partition ->
                                                new Replicas(
                                                        ids(partition.replicas()),
                                                        ids(partition.isr())))
                                .toList());
    }

    record Replicas(Set<Integer> all, Set<Integer> inSync) {}

    /** The broker that coordinates the group. */
    int coordinator(String group)
            throws ExecutionException, InterruptedException, TimeoutException {
        return ask(
                endpoints.servers(),
                admin ->
                        answer(admin.describeConsumerGroups(List.of(group)).all())
                                .get(group)
                                .coordinator()
                                .id());
    }

    private static Set<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).collect(Collectors.toSet());
    }

    private interface Question<T> {
        T ask(Admin admin) throws ExecutionException, InterruptedException, TimeoutException;
    }

    private <T> T ask(String servers, Question<T> question)
            throws ExecutionException, InterruptedException, TimeoutException {
        var client = properties();
        client.put("bootstrap.servers", servers);
        client.keySet()
                .removeIf(
                        name -> name.equals("delivery.timeout.ms") || name.equals("max.block.ms"));
        try (var admin = Admin.create(client)) {
            return question.ask(admin);
        }
    }

    private static <T> T answer(KafkaFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Sends all values and waits until every one is acknowledged. */
    void produce(String topic, List<String> values)
            throws ExecutionException, InterruptedException, TimeoutException {
        produce(properties(), topic, values);
    }

    static void produce(Properties properties, String topic, List<String> values)
            throws ExecutionException, InterruptedException, TimeoutException {
        var client = new Properties();
        client.putAll(properties);
        client.keySet().removeIf(name -> name.equals("default.api.timeout.ms"));
        client.put("acks", "all");
        try (var producer =
                new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            var acknowledgements =
                    values.stream()
                            .map(value -> producer.send(new ProducerRecord<>(topic, value, value)))
                            .toList();
            for (var acknowledgement : acknowledgements) {
                acknowledgement.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    /** Reads as a group's only member until so many values have arrived. */
    List<String> consume(String topic, String group, int count) {
        return consume(properties(), topic, group, count);
    }

    static List<String> consume(Properties properties, String topic, String group, int count) {
        var client = new Properties();
        client.putAll(properties);
        client.keySet()
                .removeIf(
                        name -> name.equals("delivery.timeout.ms") || name.equals("max.block.ms"));
        client.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        var values = new ArrayList<String>();
        try (var consumer =
                new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            var deadline = System.nanoTime() + LIMIT.toNanos();
            while (values.size() < count && System.nanoTime() - deadline < 0) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
            consumer.commitSync(LIMIT);
        }
        return values;
    }

    Commands.Output kcat(Path folder, String input, String... arguments)
            throws IOException, InterruptedException {
        var authority = Files.writeString(folder.resolve("ca.pem"), endpoints.authorityPem());
        var configuration =
                Files.writeString(
                        folder.resolve("kcat.conf"),
                        """
                        bootstrap.servers=%s
                        security.protocol=SASL_SSL
                        sasl.mechanisms=SCRAM-SHA-512
                        sasl.username=%s
                        sasl.password=%s
                        ssl.ca.location=%s
                        """
                                .formatted(
                                        endpoints.servers(),
                                        credential.username(),
                                        credential.password(),
                                        authority));
        var command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("penstock.kcat"),
                                "-F",
                                configuration.toString()));
        command.addAll(List.of(arguments));
        return Commands.run(LIMIT, folder, Map.of(), input, command);
    }
}
