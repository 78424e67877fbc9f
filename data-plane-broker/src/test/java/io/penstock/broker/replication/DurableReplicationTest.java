package io.penstock.broker.replication;

import static io.penstock.broker.replication.ReplicaSet.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.log.AppendResult.Appended;
import io.penstock.broker.log.AppendResult.Reason;
import io.penstock.broker.log.AppendResult.Refused;
import io.penstock.broker.replication.Partition.Acknowledgement;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** With flush.messages=1 nothing counts that a loss of power could take (I8). */
class DurableReplicationTest {

    private static final Duration A_MOMENT = Duration.ofMillis(10);
    private static final String EACH_RECORD = "1";
    private static final String NEVER = Long.toString(Long.MAX_VALUE);

    private ReplicaSet replicas;

    @AfterEach
    void close() throws IOException {
        replicas.close();
    }

    private void start(int minimumInSync, String flushMessages) {
        replicas = new ReplicaSet(3, minimumInSync);
        replicas.topicConfigs.put("flush.messages", flushMessages);
    }

    /** Broker 1 leads, and all three are in sync. */
    private void startInSync(int minimumInSync, String flushMessages) {
        start(minimumInSync, flushMessages);
        replicas.publish(state(1, 0, 0, 1, 2, 3));
    }

    private Appended append(String... values) {
        return (Appended) replicas.append(1, values);
    }

    private void letWork(int broker) {
        replicas.disk(broker).work();
        replicas.advance(A_MOMENT);
    }

    private void letAllWork() {
        for (int round = 0; round < 6; round++) {
            letWork(1);
            letWork(2);
            letWork(3);
        }
    }

    private Acknowledgement acknowledgement(Appended appended) {
        return replicas.on(1).acknowledgement(0, appended.lastOffset() + 1);
    }

    private Acknowledgement acknowledgementAlone(Appended appended) {
        return replicas.on(1).acknowledgementAlone(0, appended.lastOffset() + 1);
    }

    @Test
    void nothingIsCommittedBeforeItIsOnTheDiskOfEveryMember() {
        startInSync(2, EACH_RECORD);
        Appended appended = append("a", "b");
        replicas.advance(Duration.ofSeconds(1));

        assertThat(replicas.on(2).logEndOffset()).isEqualTo(2);
        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.PENDING);
        letWork(2);
        letWork(1);
        assertThat(acknowledgement(appended))
                .as("one follower's disk is missing")
                .isEqualTo(Acknowledgement.PENDING);

        letWork(3);

        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.COMMITTED);
        assertThat(replicas.on(2).highWatermark()).isEqualTo(2);
    }

    @Test
    void theLeadersOwnDiskCountsAsOne() {
        startInSync(2, EACH_RECORD);
        Appended appended = append("a");
        AtomicInteger woken = new AtomicInteger();
        replicas.on(1).whenCommitted(1, woken::incrementAndGet);
        replicas.advance(A_MOMENT);

        letWork(2);
        letWork(3);
        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.PENDING);
        assertThat(woken).hasValue(0);
        replicas.disk(1).work();

        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.COMMITTED);
        assertThat(woken).hasValue(1);
    }

    @Test
    void acknowledgementsOfTheLeaderAloneWaitForItsDisk() {
        startInSync(1, EACH_RECORD);
        Appended appended = append("a");
        AtomicInteger woken = new AtomicInteger();
        replicas.on(1).whenDurable(1, woken::incrementAndGet);
        replicas.advance(A_MOMENT);

        assertThat(acknowledgementAlone(appended)).isEqualTo(Acknowledgement.PENDING);
        assertThat(woken).hasValue(0);
        replicas.disk(1).work();

        assertThat(acknowledgementAlone(appended)).isEqualTo(Acknowledgement.STORED);
        assertThat(woken).hasValue(1);
        replicas.publish(state(2, 1, 1, 1, 2, 3));
        assertThat(acknowledgementAlone(appended)).isEqualTo(Acknowledgement.NOT_LEADER);
    }

    @Test
    void aLeaderWithoutFollowersWaitsForItsDiskToo() {
        start(1, EACH_RECORD);
        replicas.cut(2, 1);
        replicas.cut(3, 1);
        replicas.publish(state(1, 0, 0, 1));
        Appended appended = append("a");

        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.PENDING);
        replicas.disk(1).work();

        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.COMMITTED);
    }

    @Test
    void otherTopicsWaitForNoDisk() {
        startInSync(2, NEVER);

        Appended appended = append("a");
        assertThat(acknowledgementAlone(appended)).isEqualTo(Acknowledgement.STORED);
        replicas.advance(A_MOMENT);

        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.COMMITTED);
        assertThat(replicas.disk(2).forces()).isZero();
    }

    @Test
    void oneForceServesAllThatWasAppendedMeanwhile() {
        startInSync(2, EACH_RECORD);
        Appended last = null;
        for (int i = 0; i < 20; i++) {
            last = append("value" + i);
        }
        replicas.advance(A_MOMENT);
        letAllWork();

        assertThat(acknowledgement(last)).isEqualTo(Acknowledgement.COMMITTED);
        assertThat(replicas.disk(1).forces()).isEqualTo(1);
        assertThat(replicas.disk(2).forces()).isBetween(1, 3);
    }

    @Test
    void aFollowerWhoseLogIsCutGoesOnFromWhatIsOnItsDisk() throws IOException {
        startInSync(1, EACH_RECORD);
        replicas.append(1, "everywhere");
        replicas.advance(A_MOMENT);
        replicas.disk(1).work();
        letWork(2);
        letWork(3);
        replicas.cut(3, 1);
        replicas.append(1, "not at 3");
        replicas.advance(A_MOMENT);

        replicas.publish(state(3, 1, 1, 1, 2, 3));
        replicas.append(3, "instead");
        letAllWork();

        assertThat(replicas.bytes(2)).isEqualTo(replicas.bytes(3));
        assertThat(replicas.bytes(1)).isEqualTo(replicas.bytes(3));
        assertThat(replicas.on(3).highWatermark()).isEqualTo(2);
    }

    @Test
    void aDiskThatFailsIsToldToProducersThatWaitForIt() {
        startInSync(1, EACH_RECORD);
        Appended appended = append("a");
        AtomicInteger woken = new AtomicInteger();
        replicas.on(1).whenCommitted(1, woken::incrementAndGet);
        replicas.on(1).whenDurable(1, woken::incrementAndGet);

        replicas.disk(1).fail();

        assertThat(woken).hasValue(2);
        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.STORAGE_ERROR);
        assertThat(acknowledgementAlone(appended)).isEqualTo(Acknowledgement.STORAGE_ERROR);
        assertThat(((Refused) replicas.append(1, "b")).reason()).isEqualTo(Reason.STORAGE_ERROR);
    }

    @Test
    void aFollowerWhoseDiskFailsReportsNothingMoreAndAsksToLeave() {
        startInSync(1, EACH_RECORD);
        Appended appended = append("a");
        replicas.advance(A_MOMENT);
        letWork(1);
        letWork(2);

        replicas.disk(3).fail();
        replicas.advance(A_MOMENT);

        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.PENDING);
        assertThat(replicas.questions).hasSize(1);
        assertThat(replicas.questions.getLast().request().brokerId()).isEqualTo(3);
        assertThat(replicas.questions.getLast().members()).containsExactly(1, 2);

        replicas.publish(state(1, 0, 1, 1, 2));
        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.COMMITTED);
    }

    /** Its connection lives, and it was at the very end: the leader must not take it back. */
    @Test
    void whoLeftForItsDiskIsNotAskedBack() {
        startInSync(1, NEVER);
        replicas.append(1, "a");
        replicas.advance(A_MOMENT);
        replicas.disk(3).fail();
        replicas.append(1, "b");
        replicas.advance(A_MOMENT);
        replicas.publish(state(1, 0, 1, 1, 2));
        int asked = replicas.questions.size();

        replicas.advance(Duration.ofSeconds(20));

        assertThat(replicas.questions).hasSize(asked);
    }

    @Test
    void aLeaderWhoseDiskFailsAsksToBeSucceeded() {
        startInSync(1, EACH_RECORD);

        replicas.disk(1).fail();
        replicas.advance(A_MOMENT);

        assertThat(replicas.questions.getLast().request().brokerId()).isEqualTo(1);
        assertThat(replicas.questions.getLast().members()).containsExactly(2, 3);
    }

    @Test
    void aLeaderWithoutSpaceAsksToBeSucceededAndComesBackWhenThereIsSome() throws IOException {
        startInSync(1, NEVER);
        replicas.append(1, "before");
        replicas.advance(A_MOMENT);

        replicas.disk(1).fill(true);
        assertThat(((Refused) replicas.append(1, "refused")).reason())
                .isEqualTo(Reason.STORAGE_ERROR);
        replicas.advance(A_MOMENT);
        assertThat(replicas.questions.getLast().members()).containsExactly(2, 3);
        replicas.publish(state(2, 1, 1, 2, 3));
        replicas.append(2, "at its successor");
        replicas.advance(Duration.ofSeconds(1));
        assertThat(replicas.on(1).logEndOffset()).isEqualTo(1);

        replicas.disk(1).fill(false);
        replicas.advance(Duration.ofSeconds(3));

        assertThat(replicas.bytes(1)).isEqualTo(replicas.bytes(2));
        assertThat(replicas.questions.getLast().request().brokerId()).isEqualTo(2);
        assertThat(replicas.questions.getLast().members()).containsExactly(1, 2, 3);
    }

    /** Producers wait for no lag limit. */
    @Test
    void aFollowerWithoutSpaceAsksToLeaveAndComesBackWhenThereIsSome() throws IOException {
        start(1, "9223372036854775807");
        replicas.publish(state(1, 0, 0, 1, 2, 3));
        replicas.append(1, "before");
        replicas.advance(A_MOMENT);

        replicas.disk(3).fill(true);
        Appended appended = (Appended) replicas.append(1, "too much for one");
        replicas.advance(A_MOMENT);
        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.PENDING);
        assertThat(replicas.questions).hasSize(1);
        assertThat(replicas.questions.getLast().request().brokerId()).isEqualTo(3);
        assertThat(replicas.questions.getLast().members()).containsExactly(1, 2);

        replicas.publish(state(1, 0, 1, 1, 2));
        assertThat(acknowledgement(appended)).isEqualTo(Acknowledgement.COMMITTED);
        replicas.advance(Duration.ofSeconds(20));
        assertThat(replicas.questions).hasSize(1);
        assertThat(replicas.on(3).logEndOffset()).isEqualTo(1);

        replicas.disk(3).fill(false);
        replicas.advance(Duration.ofSeconds(3));

        assertThat(replicas.bytes(3)).isEqualTo(replicas.bytes(1));
        assertThat(replicas.questions.getLast().request().brokerId()).isEqualTo(1);
        assertThat(replicas.questions.getLast().members()).containsExactly(1, 2, 3);
    }

    /** Nobody else has what was committed: it keeps its place, and serves when it can. */
    @Test
    void theLastMemberKeepsItsPlaceWhateverItsDisk() {
        start(1, NEVER);
        replicas.cut(2, 1);
        replicas.cut(3, 1);
        replicas.publish(state(1, 0, 0, 1));

        replicas.disk(1).fill(true);
        replicas.append(1, "refused");
        replicas.advance(Duration.ofSeconds(2));
        assertThat(replicas.questions).isEmpty();

        replicas.disk(1).fill(false);
        assertThat(replicas.append(1, "taken")).isInstanceOf(Appended.class);
    }
}
