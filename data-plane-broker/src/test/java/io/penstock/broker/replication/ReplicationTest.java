package io.penstock.broker.replication;

import static io.penstock.broker.replication.ReplicaSet.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.replication.Partition.Acknowledgement;

import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

class ReplicationTest {

    private static final Duration LAG_LIMIT = ReplicationSettings.DEFAULTS.lagLimit();
    private static final Duration A_MOMENT = Duration.ofMillis(10);

    @TempDir private Path folder;
    private ReplicaSet replicas;

    @AfterEach
    void close() throws IOException {
        replicas.close();
    }

    private void start(int minimumInSync) {
        replicas = new ReplicaSet(folder, 3, minimumInSync);
    }

    @Test
    void followersHoldTheSameBytesAndLearnWhatIsCommitted() throws IOException {
        start(2);
        replicas.publish(state(1, 0, 0, 1, 2, 3));

        Appended appended = (Appended) replicas.append(1, "a", "b");
        assertThat(acknowledgement(0, appended)).isEqualTo(Acknowledgement.PENDING);
        replicas.advance(A_MOMENT);

        assertThat(acknowledgement(0, appended)).isEqualTo(Acknowledgement.COMMITTED);
        for (int follower : new int[] {2, 3}) {
            assertThat(replicas.bytes(follower)).isEqualTo(replicas.bytes(1));
            assertThat(replicas.on(follower).highWatermark()).isEqualTo(2);
            var read = (ReadResult.Records) replicas.readAsConsumer(follower, 0);
            assertThat(read.size()).isEqualTo(replicas.bytes(1).remaining());
            read.records().release();
        }
    }

    @Test
    void whatNobodyElseHadIsCutWhenAnotherLeads() throws IOException {
        start(2);
        replicas.publish(state(1, 0, 0, 1, 2, 3));
        replicas.append(1, "everywhere");
        replicas.advance(A_MOMENT);
        replicas.cut(2, 1);
        replicas.cut(3, 1);
        Appended lost = (Appended) replicas.append(1, "only here", "and this");
        replicas.advance(Duration.ofSeconds(1));
        assertThat(acknowledgement(0, lost)).isEqualTo(Acknowledgement.PENDING);

        replicas.publish(state(2, 1, 1, 1, 2, 3));
        replicas.append(2, "instead");
        replicas.advance(A_MOMENT);

        assertThat(acknowledgement(0, lost)).isEqualTo(Acknowledgement.NOT_LEADER);
        assertThat(replicas.bytes(1)).isEqualTo(replicas.bytes(2));
        assertThat(replicas.bytes(3)).isEqualTo(replicas.bytes(2));
        assertThat(replicas.on(1).logEndOffset()).isEqualTo(2);
        assertThat(replicas.on(2).highWatermark()).isEqualTo(2);
    }

    @Test
    void severalEpochsOfDivergenceAreCutStepByStep() throws IOException {
        start(1);
        replicas.publish(state(1, 0, 0, 1, 2, 3));
        replicas.append(1, "shared");
        replicas.advance(A_MOMENT);
        // Each of the first two writes alone, in turns, then the third takes over with neither.
        replicas.cut(2, 1);
        replicas.cut(3, 1);
        replicas.cut(1, 2);
        replicas.cut(3, 2);
        replicas.append(1, "one", "one");
        replicas.tell(2, state(2, 1, 1, 2));
        replicas.time.settle();
        replicas.append(2, "two");
        replicas.tell(1, state(1, 2, 2, 1));
        replicas.time.settle();
        replicas.append(1, "three");

        replicas.publish(state(3, 3, 3, 3));
        replicas.append(3, "four");
        replicas.advance(A_MOMENT);

        assertThat(replicas.bytes(1)).isEqualTo(replicas.bytes(3));
        assertThat(replicas.bytes(2)).isEqualTo(replicas.bytes(3));
        assertThat(replicas.on(1).logEndOffset()).isEqualTo(2);
    }

    @Test
    void anEpochThatBeganWithoutARecordIsForgotten() throws IOException {
        start(1);
        replicas.publish(state(1, 0, 0, 1, 2, 3));
        replicas.append(1, "shared");
        replicas.advance(A_MOMENT);
        replicas.tell(2, state(2, 1, 1, 1, 2, 3));
        replicas.time.settle();

        replicas.publish(state(3, 2, 2, 1, 2, 3));
        replicas.append(3, "next");
        replicas.advance(A_MOMENT);

        assertThat(replicas.bytes(2)).isEqualTo(replicas.bytes(3));
        assertThat(replicas.on(3).highWatermark()).isEqualTo(2);
    }

    @Test
    void aFollowerBelowTheLogStartBeginsThere() throws IOException {
        start(1);
        replicas.cut(3, 1);
        replicas.publish(state(1, 0, 0, 1, 2));
        replicas.append(1, "gone", "too");
        replicas.append(1, "kept");
        replicas.advance(A_MOMENT);
        assertThat(replicas.on(1).deleteRecordsBefore(2)).hasValue(2);
        replicas.advance(A_MOMENT);
        assertThat(replicas.on(2).logStartOffset()).isEqualTo(2);

        replicas.mend(3, 1);
        replicas.advance(Duration.ofSeconds(3));

        assertThat(replicas.on(3).logStartOffset()).isEqualTo(2);
        assertThat(replicas.bytes(3)).isEqualTo(replicas.bytes(1));
    }

    @Test
    void recordsAreDeletedWhenEveryLiveReplicaHasFollowed() throws IOException {
        start(1);
        replicas.publish(state(1, 0, 0, 1, 2, 3));
        replicas.append(1, "gone", "too");
        replicas.append(1, "kept");
        replicas.advance(A_MOMENT);
        AtomicInteger woken = new AtomicInteger();
        replicas.cut(3, 1);
        replicas.on(1).deleteRecordsBefore(2);
        replicas.on(1).whenDeleted(2, woken::incrementAndGet);
        replicas.advance(A_MOMENT);
        assertThat(replicas.on(2).logStartOffset()).isEqualTo(2);
        assertThat(replicas.on(1).lowWatermark()).hasValue(0);
        assertThat(woken).hasValue(0);

        replicas.mend(3, 1);
        replicas.advance(Duration.ofSeconds(3));

        assertThat(replicas.on(1).lowWatermark()).hasValue(2);
        assertThat(woken).hasValue(1);
        assertThat(replicas.on(2).lowWatermark()).isEmpty();
    }

    @Test
    void nobodyWaitsForADeadReplicaToDeleteItsRecords() throws IOException {
        start(1);
        replicas.publish(state(1, 0, 0, 1, 2, 3));
        replicas.append(1, "gone", "too");
        replicas.advance(A_MOMENT);
        AtomicInteger woken = new AtomicInteger();
        replicas.cut(3, 1);
        replicas.on(1).deleteRecordsBefore(2);
        replicas.advance(A_MOMENT);
        replicas.on(1).whenDeleted(2, woken::incrementAndGet);
        assertThat(woken).hasValue(0);

        replicas.fence(3);
        replicas.publish(state(1, 0, 1, 1, 2));

        assertThat(replicas.on(1).lowWatermark()).hasValue(2);
        assertThat(woken).hasValue(1);
    }

    @Test
    void aLaggingFollowerLeavesWhenTheControllerSaysSoAndJoinsAgain() throws IOException {
        start(2);
        replicas.publish(state(1, 0, 0, 1, 2, 3));
        replicas.advance(A_MOMENT);
        replicas.cut(3, 1);
        Appended appended = (Appended) replicas.append(1, "a");
        replicas.advance(LAG_LIMIT.multipliedBy(2));

        assertThat(replicas.questions).hasSize(1);
        assertThat(replicas.questions.getFirst().members()).containsExactly(1, 2);
        assertThat(acknowledgement(0, appended))
                .as("a proposal alone shrinks nothing")
                .isEqualTo(Acknowledgement.PENDING);
        answer(Errors.NONE, 1);
        replicas.publish(state(1, 0, 1, 1, 2));
        assertThat(acknowledgement(0, appended)).isEqualTo(Acknowledgement.COMMITTED);
        assertThat(replicas.partitions(1).inSyncChanges().shrinks()).isEqualTo(1);
        assertThat(replicas.partitions(1).led()).containsExactly(new ReplicaCounts(3, 2, 2));

        replicas.mend(3, 1);
        replicas.advance(Duration.ofSeconds(2));

        assertThat(replicas.questions).hasSize(2);
        assertThat(replicas.questions.getLast().members()).containsExactly(1, 2, 3);
        assertThat(replicas.bytes(3)).isEqualTo(replicas.bytes(1));
    }

    @Test
    void whoWasProposedCountsUntilTheControllerRefuses() throws IOException {
        start(1);
        replicas.publish(state(1, 0, 0, 1, 2));
        replicas.advance(A_MOMENT);
        assertThat(replicas.questions.getLast().members()).containsExactly(1, 2, 3);
        replicas.cut(3, 1);
        Appended appended = (Appended) replicas.append(1, "a");
        replicas.advance(A_MOMENT);

        assertThat(acknowledgement(0, appended)).isEqualTo(Acknowledgement.PENDING);
        loseAnswer();
        replicas.advance(LAG_LIMIT.multipliedBy(2));
        loseAnswer();
        replicas.advance(Duration.ofSeconds(2));
        assertThat(acknowledgement(0, appended))
                .as("no answer is no refusal")
                .isEqualTo(Acknowledgement.PENDING);
        assertThat(replicas.questions.getLast().members())
                .as("asked again, for those who still keep up")
                .containsExactly(1, 2);

        answer(Errors.NONE, 1);
        replicas.publish(state(1, 0, 1, 1, 2));
        assertThat(acknowledgement(0, appended)).isEqualTo(Acknowledgement.COMMITTED);
    }

    @Test
    void aRefusedProposalNoLongerCounts() {
        start(1);
        replicas.publish(state(1, 0, 0, 1, 2));
        replicas.advance(A_MOMENT);
        replicas.cut(3, 1);
        replicas.fence(3);
        Appended appended = (Appended) replicas.append(1, "a");
        replicas.publish(state(1, 0, 0, 1, 2));
        replicas.advance(A_MOMENT);
        assertThat(acknowledgement(0, appended)).isEqualTo(Acknowledgement.PENDING);

        answer(Errors.INELIGIBLE_REPLICA, 0);
        replicas.advance(A_MOMENT);

        assertThat(acknowledgement(0, appended)).isEqualTo(Acknowledgement.COMMITTED);
        assertThat(replicas.questions).hasSize(1);
    }

    @Test
    void whoWasProposedCountsWhileANewerStateIsOnItsWay() {
        start(1);
        replicas.publish(state(1, 0, 0, 1, 2));
        replicas.advance(A_MOMENT);
        replicas.cut(3, 1);
        Appended appended = (Appended) replicas.append(1, "a");
        replicas.advance(A_MOMENT);

        answer(Errors.NEW_LEADER_ELECTED, 1);
        replicas.advance(LAG_LIMIT.multipliedBy(2));
        assertThat(acknowledgement(0, appended)).isEqualTo(Acknowledgement.PENDING);

        replicas.publish(state(1, 1, 1, 1, 2));
        replicas.advance(A_MOMENT);
        assertThat(acknowledgement(1, appended)).isEqualTo(Acknowledgement.COMMITTED);
    }

    @Test
    void belowTheMinimumNothingIsCommittedAndProducersAreTold() {
        start(2);
        replicas.publish(state(1, 0, 0, 1, 2));
        replicas.cut(2, 1);
        replicas.cut(3, 1);
        replicas.advance(Duration.ofSeconds(1));
        Appended appended = (Appended) replicas.append(1, "a");

        replicas.publish(state(1, 0, 1, 1));

        assertThat(replicas.on(1).highWatermark()).isZero();
        assertThat(acknowledgement(0, appended)).isEqualTo(Acknowledgement.NOT_ENOUGH_REPLICAS);
        assertThat(((Refused) replicas.append(1, "b")).reason())
                .isEqualTo(Reason.NOT_ENOUGH_REPLICAS);
    }

    @Test
    void withoutALeaseALeaderAnswersAloneOnlyWhileItIsFollowed() {
        start(1);
        replicas.publish(state(1, 0, 0, 1, 2, 3));
        replicas.advance(Duration.ofSeconds(5));
        replicas.leaseless.add(1);
        assertThat(replicas.on(1).mayAnswerAlone()).isTrue();

        replicas.cut(3, 1);
        replicas.advance(Duration.ofSeconds(5));
        assertThat(replicas.on(1).mayAnswerAlone()).isFalse();

        replicas.leaseless.clear();
        assertThat(replicas.on(1).mayAnswerAlone()).isTrue();
    }

    @Test
    void aFollowerOfAnOlderEpochIsNotCounted() {
        start(1);
        replicas.publish(state(1, 0, 0, 1, 2, 3));
        replicas.advance(A_MOMENT);
        replicas.tell(1, state(1, 1, 1, 1, 2, 3));
        replicas.time.settle();

        Appended appended = (Appended) replicas.append(1, "a");
        replicas.advance(Duration.ofSeconds(1));
        assertThat(acknowledgement(1, appended)).isEqualTo(Acknowledgement.PENDING);

        replicas.publish(state(1, 1, 1, 1, 2, 3));
        replicas.advance(Duration.ofSeconds(1));
        assertThat(acknowledgement(1, appended)).isEqualTo(Acknowledgement.COMMITTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"leader", "follower"})
    void onlyWhoIsNotInSyncIsThrottled(String side) {
        start(1);
        replicas.topicConfigs.put(side + ".replication.throttled.replicas", "*");
        replicas.brokerConfigs.put(side + ".replication.throttled.rate", "1000");
        replicas.publish(state(1, 0, 0, 1, 2));
        replicas.advance(A_MOMENT);

        replicas.append(1, "x".repeat(5_000));
        replicas.advance(A_MOMENT);
        replicas.append(1, "more");
        replicas.advance(Duration.ofSeconds(1));
        assertThat(replicas.on(2).logEndOffset()).isEqualTo(2);
        assertThat(replicas.on(3).logEndOffset()).isEqualTo(1);

        replicas.advance(Duration.ofSeconds(5));
        assertThat(replicas.on(3).logEndOffset()).isEqualTo(2);
    }

    private Acknowledgement acknowledgement(int epoch, Appended appended) {
        return replicas.on(1).acknowledgement(epoch, appended.lastOffset() + 1);
    }

    private void loseAnswer() {
        replicas.questions.getLast().reply().completeExceptionally(new IOException("lost"));
    }

    /** To the last question. */
    private void answer(Errors error, int partitionEpoch) {
        ReplicaSet.Question question = replicas.questions.getLast();
        var topic = question.request().topics().getFirst();
        AlterPartitionResponseData response = new AlterPartitionResponseData();
        response.topics()
                .add(new AlterPartitionResponseData.TopicData().setTopicId(topic.topicId()));
        response.topics()
                .getFirst()
                .partitions()
                .add(
                        new AlterPartitionResponseData.PartitionData()
                                .setPartitionIndex(0)
                                .setPartitionEpoch(partitionEpoch)
                                .setErrorCode(error.code()));
        question.reply().complete(response);
    }
}
