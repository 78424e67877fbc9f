package io.penstock.provisioner.kafka;

/** What came of the wish that a topic be gone. */
public enum TopicDeletion {
    DELETED,
    NO_SUCH_TOPIC
}
