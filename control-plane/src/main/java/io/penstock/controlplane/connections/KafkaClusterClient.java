package io.penstock.controlplane.connections;

import io.penstock.controlplane.access.Preset;
import io.penstock.controlplane.api.Problem.FieldError;
import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.groups.GroupOffsets;
import io.penstock.controlplane.topics.NewTopic;
import io.penstock.controlplane.topics.Topic;
import io.penstock.provisioner.kafka.ClusterAdmin;
import io.penstock.provisioner.kafka.ClusterUnavailableException;
import io.penstock.provisioner.kafka.CredentialPreset;
import io.penstock.provisioner.kafka.NewTopicRequest;
import io.penstock.provisioner.kafka.TopicCreation;
import io.penstock.provisioner.kafka.TopicDeletion;

import org.jboss.logging.Logger;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A cluster over the Kafka protocol; its refusals become problems. */
final class KafkaClusterClient implements ClusterClient {
    private static final Logger LOG = Logger.getLogger(KafkaClusterClient.class);
    private static final Duration CANARY_LIMIT = Duration.ofSeconds(20);

    private final ClusterAdmin admin;
    private final int brokers;

    KafkaClusterClient(ClusterAdmin admin, int brokers) {
        this.admin = admin;
        this.brokers = brokers;
    }

    private interface Call<T> {
        T now() throws InterruptedException;
    }

    @Override
    public List<Topic> topics() {
        return bounded(admin::topics).stream().map(KafkaClusterClient::view).toList();
    }

    @Override
    public Topic topic(String name) {
        return bounded(() -> admin.topic(name))
                .map(KafkaClusterClient::view)
                .orElseThrow(() -> ProblemException.notFound("topic"));
    }

    @Override
    public Topic createTopic(NewTopic topic) {
        var request =
                new NewTopicRequest(
                        topic.name(),
                        topic.partitions(),
                        topic.replicationFactor() == null
                                ? OptionalInt.empty()
                                : OptionalInt.of(topic.replicationFactor()),
                        topic.configs() == null ? Map.of() : topic.configs());
        return switch (bounded(() -> admin.createTopic(request))) {
            case TopicCreation.Created(var created) -> view(created);
            case TopicCreation.AlreadyExists exists -> {
                var detail = "The cluster has a topic of this name";
                throw ProblemException.conflict(
                        "name_taken", detail, new FieldError("/name", detail));
            }
            case TopicCreation.Refused(String field, String reason) ->
                    throw ProblemException.invalid("/" + field, reason);
        };
    }

    @Override
    public void deleteTopic(String name) {
        if (bounded(() -> admin.deleteTopic(name)) == TopicDeletion.NO_SUCH_TOPIC) {
            throw ProblemException.notFound("topic");
        }
    }

    @Override
    public String createCredential(String username, Preset preset, String prefix) {
        return bounded(() -> admin.credentials().create(username, provisioned(preset), prefix))
                .password();
    }

    @Override
    public void deleteCredential(String username) {
        bounded(
                () -> {
                    admin.credentials().delete(username);
                    return true;
                });
    }

    @Override
    public GroupOffsets groupOffsets(String group) {
        var offsets =
                bounded(() -> admin.groups().offsets(group))
                        .orElseThrow(() -> ProblemException.notFound("group"));
        return new GroupOffsets(
                offsets.group(),
                offsets.state(),
                offsets.totalLag(),
                offsets.partitions().stream()
                        .map(
                                partition ->
                                        new GroupOffsets.PartitionOffset(
                                                partition.topic(),
                                                partition.partition(),
                                                partition.committedOffset(),
                                                partition.endOffset(),
                                                partition.lag()))
                        .toList());
    }

    @Override
    public String canary() {
        var report = bounded(() -> admin.canary(brokers, CANARY_LIMIT));
        return "%d %s passed a record in %d ms"
                .formatted(
                        report.partitions(),
                        report.partitions() == 1 ? "partition" : "partitions",
                        report.took().toMillis());
    }

    private static <T> T bounded(Call<T> call) {
        try {
            return call.now();
        } catch (ClusterUnavailableException e) {
            LOG.infof("A cluster did not answer: %s", e.getMessage());
            throw ProblemException.retryable(
                    503, "cluster_unavailable", "The cluster does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.retryable(503, "cluster_unavailable", "The service is stopping");
        }
    }

    private static CredentialPreset provisioned(Preset preset) {
        return switch (preset) {
            case PRODUCER -> CredentialPreset.PRODUCER;
            case CONSUMER -> CredentialPreset.CONSUMER;
            case ADMIN -> CredentialPreset.ADMIN;
        };
    }

    private static Topic view(io.penstock.provisioner.kafka.Topic topic) {
        return new Topic(
                topic.name(),
                topic.partitions(),
                topic.replicationFactor(),
                topic.minInsyncReplicas(),
                topic.configs());
    }
}
