package io.penstock.provisioner.kafka;

/** What came of the wish for a topic. */
public sealed interface TopicCreation {
    record Created(Topic topic) implements TopicCreation {}

    record AlreadyExists(String name) implements TopicCreation {}

    /**
     * @param field what is at fault: {@code name}, {@code partitions}, {@code replication_factor}
     *     or {@code configs}
     * @param reason the cluster's own words
     */
    record Refused(String field, String reason) implements TopicCreation {}
}
