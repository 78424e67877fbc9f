package io.penstock.broker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.broker.testing.TestBroker;
import io.penstock.broker.testing.TestCertificates;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** TLS with SCRAM for applications, mutual TLS for brokers, and ACLs behind both. */
class SecureListenersTest {

    @TempDir private Path folder;
    private TestCertificates certificates;
    private Path brokerIdentity;
    private TestBroker broker;

    @BeforeEach
    void start() throws Exception {
        certificates = TestCertificates.in(folder.resolve("tls"));
        brokerIdentity = certificates.identity("broker.pem", "CN=broker-0,OU=broker,O=test");
        broker =
                new TestBroker(folder)
                        .with("listeners", "CLIENT://127.0.0.1:0,INTERNAL://127.0.0.1:0")
                        .with("listener.security.protocol.map", "CLIENT:SASL_SSL,INTERNAL:SSL")
                        .with("inter.broker.listener.name", "INTERNAL")
                        .with("ssl.keystore.type", "PEM")
                        .with("ssl.keystore.location", brokerIdentity.toString())
                        .with("ssl.truststore.type", "PEM")
                        .with("ssl.truststore.location", certificates.authority().toString())
                        .with("listener.name.internal.ssl.client.auth", "required")
                        .with(
                                "listener.name.internal.ssl.principal.mapping.rules",
                                "RULE:^.*(OU=[a-z-]+).*$/$1/")
                        .with("authorizer.class.name", AclAuthorizer.class.getName())
                        .with("super.users", "User:OU=broker")
                        .withTopic("orders-eu", 1, Map.of())
                        .withAcl(allow("producer", AclOperation.WRITE))
                        .withAcl(allow("consumer", AclOperation.READ));
        for (ScramMechanism mechanism : ScramMechanism.values()) {
            for (String user : List.of("producer", "consumer")) {
                broker.withScram(
                        user,
                        mechanism.mechanismName(),
                        new ScramFormatter(mechanism).generateCredential(user + "-secret", 4096));
            }
        }
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void applicationsProduceAndConsumeWithTheirPasswords() throws Exception {
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                producer(scram("SCRAM-SHA-512", "producer", "producer-secret"))) {
            for (int i = 0; i < 200; i++) {
                sent.add(i + "x".repeat(2_000));
                producer.send(new ProducerRecord<>("orders-eu", "key", sent.getLast()));
            }
        }

        assertThat(consume(scram("SCRAM-SHA-256", "consumer", "consumer-secret"), sent.size()))
                .isEqualTo(sent);
    }

    @Test
    void aConsumersCredentialDoesNotProduce() {
        assertRefused(
                scram("SCRAM-SHA-512", "consumer", "consumer-secret"),
                TopicAuthorizationException.class);
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreRefusedAlike() {
        String wrongPassword =
                assertRefused(
                        scram("SCRAM-SHA-512", "producer", "guessed"),
                        SaslAuthenticationException.class);
        String unknownUser =
                assertRefused(
                        scram("SCRAM-SHA-512", "nobody", "guessed"),
                        SaslAuthenticationException.class);

        assertThat(unknownUser).isEqualTo(wrongPassword);
    }

    @Test
    void aBrokersCertificateMakesItASuperUser() throws Exception {
        Map<String, Object> settings = tls("INTERNAL");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.location", brokerIdentity.toString());
        try (KafkaProducer<String, String> producer = producer(settings)) {
            assertThat(
                            producer.send(new ProducerRecord<>("orders-eu", "k", "v"))
                                    .get(20, TimeUnit.SECONDS)
                                    .offset())
                    .isZero();
        }
    }

    @Test
    void withoutACertificateTheInternalListenerIsClosed() {
        assertRefused(tls("INTERNAL"), SslAuthenticationException.class);
    }

    private String assertRefused(
            Map<String, Object> settings, Class<? extends Exception> expected) {
        settings.put("enable.idempotence", "false");
        try (KafkaProducer<String, String> producer = producer(settings)) {
            Throwable[] caught = new Throwable[1];
            assertThatThrownBy(
                            () -> {
                                try {
                                    producer.send(new ProducerRecord<>("orders-eu", "k", "v"))
                                            .get(20, TimeUnit.SECONDS);
                                } catch (Exception e) {
                                    caught[0] = e.getCause() == null ? e : e.getCause();
                                    throw caught[0];
                                }
                            })
                    .isInstanceOf(expected);
            return caught[0].getMessage();
        }
    }

    private List<String> consume(Map<String, Object> settings, int count) {
        settings.put("enable.auto.commit", "false");
        TopicPartition partition = new TopicPartition("orders-eu", 0);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < count && System.nanoTime() - deadline < 0) {
                consumer.poll(Duration.ofMillis(200)).forEach(r -> values.add(value(r)));
            }
            return values;
        }
    }

    private static String value(ConsumerRecord<String, String> consumed) {
        return consumed.value();
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> settings) {
        settings.put("delivery.timeout.ms", "20000");
        settings.put("request.timeout.ms", "10000");
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private Map<String, Object> scram(String mechanism, String user, String password) {
        Map<String, Object> settings = tls("CLIENT");
        settings.put("security.protocol", "SASL_SSL");
        settings.put("sasl.mechanism", mechanism);
        settings.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                        + user
                        + "\" password=\""
                        + password
                        + "\";");
        return settings;
    }

    private Map<String, Object> tls(String listener) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrap(listener));
        settings.put("security.protocol", "SSL");
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", certificates.authority().toString());
        return settings;
    }

    private static AclBinding allow(String user, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, "orders-", PatternType.PREFIXED),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }
}
