package io.penstock.systemtests.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A file system without a free byte. Needs root, to mount small ones. */
@Tag("faults")
@Execution(ExecutionMode.CONCURRENT)
class DiskFullTest {
    private static final ClusterPlan PLAN = ClusterPlan.ofThreeBrokers().withDisksOf(256);

    @BeforeEach
    void needRoot() {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "A small file system for a log directory can only be mounted by root");
    }

    @Test
    void aLeaderWithAFullDiskIsReplaced() throws Exception {
        Faults.strike("full disk of a leader", PLAN, DiskFaults::fullAtLeader);
    }

    @Test
    void aFollowerWithAFullDiskIsNotWaitedFor() throws Exception {
        Faults.strike("full disk of a follower", PLAN, DiskFaults::fullAtFollower);
    }
}
