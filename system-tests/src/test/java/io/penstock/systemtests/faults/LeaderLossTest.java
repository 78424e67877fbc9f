package io.penstock.systemtests.faults;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shortest of the fault tests, with the system's own: {@link FaultsTest} has the others. */
@Tag("system")
class LeaderLossTest {

    @Test
    void noAcknowledgedRecordIsLostWithALeader() throws Exception {
        Faults.strike(
                "kill -9 of one leader", ClusterPlan.ofThreeBrokers(), BrokerFaults::killLeader, 1);
    }
}
