package io.penstock.systemtests.faults;

/** One kind of fault of a suite, with the run's seed and number of strikes. */
final class Faults {
    static final long SEED = Long.getLong("penstock.seed", 1);
    private static final int STRIKES = Integer.getInteger("penstock.faults.strikes", 3);

    private Faults() {}

    static FaultReport.Row strike(String name, Fault fault) throws Exception {
        return strike(name, ClusterPlan.ofThreeBrokers(), fault);
    }

    static FaultReport.Row strike(String name, ClusterPlan plan, Fault fault) throws Exception {
        return strike(name, plan, fault, STRIKES);
    }

    static FaultReport.Row strike(String name, ClusterPlan plan, Fault fault, int times)
            throws Exception {
        try (var run = FaultRun.start(name, plan, SEED)) {
            return run.strike(fault, times).judge();
        } catch (Throwable e) {
            Progress.say(name, "FAILED: " + e.toString().lines().findFirst().orElse(""));
            FaultReport.addUnfinished(name);
            throw e;
        }
    }
}
