package io.penstock.systemtests.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A file system without a free byte. Needs root, to mount small ones. */
@Tag("faults")
class DiskFullTest {
    private static final int MEBIBYTES = 256;

    @AfterAll
    static void report() {
        System.out.println(FaultReport.table());
    }

    @Test
    void aLeaderWithAFullDiskLosesNothing() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "A small file system for a log directory can only be mounted by root");

        Faults.strike(
                "full disk of a leader",
                ClusterPlan.ofThreeBrokers().withDisksOf(MEBIBYTES),
                DiskFaults::full);
    }
}
