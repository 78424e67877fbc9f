package io.penstock.controlplane.topics;

import io.penstock.controlplane.api.Answer;
import io.penstock.controlplane.api.PageRequest;
import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.api.Violations;

import jakarta.enterprise.context.ApplicationScoped;

import java.util.Comparator;
import java.util.regex.Pattern;

/** Topics live in their cluster and nowhere else: every call asks it. */
@ApplicationScoped
public class Topics {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final int MOST_PARTITIONS = 1000;
    private static final int MOST_REPLICAS = 12;

    private final ClusterTopics.Source clients;

    Topics(ClusterTopics.Source clients) {
        this.clients = clients;
    }

    TopicList list(String clusterId, PageRequest page) {
        var rows =
                clients.of(clusterId).topics().stream()
                        .sorted(Comparator.comparing(Topic::name))
                        .filter(
                                topic ->
                                        page.after() == null
                                                || topic.name().compareTo(page.after()) > 0)
                        .limit(page.oneMore())
                        .toList();
        var result = page.page(rows, Topic::name);
        return new TopicList(result.items(), result.nextPageToken());
    }

    Topic get(String clusterId, String name) {
        return clients.of(clusterId).topic(visible(name));
    }

    Answer create(String clusterId, NewTopic body) {
        check(body);
        return Answer.created(clients.of(clusterId).createTopic(body));
    }

    void delete(String clusterId, String name) {
        clients.of(clusterId).deleteTopic(visible(name));
    }

    private static String visible(String name) {
        if (name.startsWith("__") || !NAME.matcher(name).matches()) {
            throw ProblemException.notFound("topic");
        }
        return name;
    }

    private static void check(NewTopic body) {
        var violations = new Violations();
        if (body.name() == null) {
            violations.add("/name", "name is required");
        } else {
            violations.require(
                    NAME.matcher(body.name()).matches()
                            && !body.name().equals(".")
                            && !body.name().equals(".."),
                    "/name",
                    "name must be 1 to 249 letters, digits, dots, hyphens and underscores");
            violations.require(
                    !body.name().startsWith("__"),
                    "/name",
                    "Names that begin with __ are the brokers' own");
        }
        if (body.partitions() == null) {
            violations.add("/partitions", "partitions is required");
        } else {
            violations.require(
                    body.partitions() >= 1 && body.partitions() <= MOST_PARTITIONS,
                    "/partitions",
                    "partitions must be 1 to " + MOST_PARTITIONS);
        }
        if (body.replicationFactor() != null) {
            violations.require(
                    body.replicationFactor() >= 1 && body.replicationFactor() <= MOST_REPLICAS,
                    "/replication_factor",
                    "replication_factor must be 1 to the number of brokers");
        }
        if (body.configs() != null) {
            body.configs()
                    .forEach(
                            (name, value) ->
                                    violations.require(
                                            value != null,
                                            "/configs/"
                                                    + name.replace("~", "~0").replace("/", "~1"),
                                            "Must be a string"));
        }
        violations.throwIfAny();
    }
}
