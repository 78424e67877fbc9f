package io.penstock.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.PartitionState;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalLong;

class LeaderStateTest {

    private static final long LOG_END = 5;

    /**
     * I3: the controller alone decides who is eligible, whatever minimum the leader believes in.
     */
    @Test
    void theHighWatermarkStandsStillWhileSomebodyOutsideTheIsrIsEligible() {
        LeaderState leader =
                new LeaderState(0, state(List.of(1), 4), 1, 0, ReplicationSettings.DEFAULTS, 0);
        assertThat(leader.highWatermark(LOG_END, 2, id -> OptionalLong.empty(), 0)).isEqualTo(2);

        leader.update(state(List.of(), 5), 1, 0);

        assertThat(leader.highWatermark(LOG_END, 2, id -> OptionalLong.empty(), 0))
                .isEqualTo(LOG_END);
    }

    private static PartitionState state(List<Integer> eligible, int partitionEpoch) {
        return new PartitionState(
                List.of(0, 1), List.of(0), eligible, List.of(), List.of(), 0, 3, partitionEpoch);
    }
}
