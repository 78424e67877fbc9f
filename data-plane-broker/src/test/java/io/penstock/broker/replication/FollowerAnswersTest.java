package io.penstock.broker.replication;

import static io.penstock.broker.replication.ReplicaSet.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** When a leader answers its followers, and how often. */
class FollowerAnswersTest {

    private static final int FOLLOWERS = 2;
    private static final Duration A_MOMENT = Duration.ofMillis(10);

    @TempDir private Path folder;
    private ReplicaSet replicas;

    @BeforeEach
    void start() {
        replicas = new ReplicaSet(folder, 3, 2);
        replicas.publish(state(1, 0, 0, 1, 2, 3));
        replicas.append(1, "first");
        replicas.advance(A_MOMENT);
    }

    @AfterEach
    void stop() throws IOException {
        replicas.close();
    }

    @Test
    void aRecordCostsOneFetchOfEachFollowerAndItsWatermarkAnotherOneLater() {
        int before = replicas.fetches();

        replicas.append(1, "a");
        replicas.time.settle();
        assertThat(replicas.on(1).highWatermark()).isEqualTo(2);
        assertThat(replicas.fetches() - before).isEqualTo(FOLLOWERS);

        replicas.advance(A_MOMENT);
        assertThat(replicas.on(2).highWatermark()).isEqualTo(2);
        assertThat(replicas.on(3).highWatermark()).isEqualTo(2);
        assertThat(replicas.fetches() - before).isEqualTo(2 * FOLLOWERS);
    }

    @Test
    void watermarksTravelWithTheRecordsThatKeepComing() {
        int before = replicas.fetches();
        int count = 20;

        for (int i = 0; i < count; i++) {
            replicas.append(1, "a");
            replicas.advance(Duration.ofMillis(2));
        }

        assertThat(replicas.on(2).highWatermark()).isEqualTo(count);
        assertThat(replicas.fetches() - before).isEqualTo(count * FOLLOWERS);
    }

    @Test
    void singleAppendsAreNotKeptBack() {
        for (int end = 2; end < 10; end++) {
            replicas.append(1, "a");
            replicas.time.settle();
            assertThat(replicas.on(1).highWatermark()).isEqualTo(end);
        }
    }

    @Test
    void afterManyAppendsTheNextOnesGather() {
        appendMany();
        replicas.time.settle();
        long sent = replicas.on(1).highWatermark();
        int before = replicas.fetches();

        appendMany();
        replicas.advance(AnswerPace.INTERVAL.dividedBy(2));
        appendMany();
        assertThat(replicas.on(2).logEndOffset()).isEqualTo(sent);
        replicas.advance(AnswerPace.INTERVAL.dividedBy(2));

        assertThat(replicas.on(1).highWatermark()).isEqualTo(sent + 2 * AnswerPace.MANY);
        assertThat(replicas.fetches() - before).isEqualTo(FOLLOWERS);
    }

    @Test
    void whoComesAloneAfterManyIsNotKeptBackAgain() {
        appendMany();
        replicas.time.settle();
        replicas.append(1, "late");
        replicas.advance(AnswerPace.INTERVAL);
        long sent = replicas.on(1).highWatermark();

        replicas.append(1, "alone");
        replicas.time.settle();

        assertThat(replicas.on(1).highWatermark()).isEqualTo(sent + 1);
    }

    private void appendMany() {
        for (int i = 0; i < AnswerPace.MANY; i++) {
            replicas.append(1, "many");
        }
    }
}
