package io.penstock.broker.group;

import io.penstock.broker.replication.Partition;
import io.penstock.broker.replication.Partitions;

import org.apache.kafka.common.errors.NotCoordinatorException;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets the coordinator answer only while it is certainly not outdated. A broker that is cut off may
 * have a successor without knowing: its offsets are then those of yesterday, and a consumer that
 * started from them would read everything since then once more. What it would write cannot be
 * committed, but what it knows it could tell; so it sends its clients to look for the coordinator
 * again, as soon as its lease has lapsed and one that may have been elected has fallen silent.
 */
final class CertainAnswers {

    private final OffsetsTopic topic;
    private final Partitions partitions;

    CertainAnswers(OffsetsTopic topic, Partitions partitions) {
        this.topic = topic;
        this.partitions = partitions;
    }

    /** Whether no other can have taken this broker's place; of a group of others', true. */
    boolean isCertain(String group) {
        return topic.partitionFor(group)
                .flatMap(partitions::find)
                .map(Partition::mayAnswerAlone)
                .orElse(true);
    }

    /** Asks, and looks again before the answer is told. */
    <T> CompletableFuture<T> about(String group, Supplier<CompletableFuture<T>> request) {
        if (!isCertain(group)) {
            return CompletableFuture.failedFuture(outdated());
        }
        return request.get()
                .thenApply(
                        answer -> {
                            if (!isCertain(group)) {
                                throw outdated();
                            }
                            return answer;
                        });
    }

    /**
     * The answers about several groups, of which those that may be outdated are replaced.
     *
     * @param group which group an answer is about
     * @param refusal what is told of a group instead
     */
    <T> List<T> only(List<T> answers, Function<T, String> group, Function<String, T> refusal) {
        return answers.stream()
                .map(
                        answer ->
                                isCertain(group.apply(answer))
                                        ? answer
                                        : refusal.apply(group.apply(answer)))
                .toList();
    }

    private static NotCoordinatorException outdated() {
        return new NotCoordinatorException("Another broker may coordinate the group by now");
    }
}
