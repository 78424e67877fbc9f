package io.penstock.benchmarks.measure;

import java.util.List;

/**
 * What a measurement cost, and whether the machine was ours meanwhile. Shares are percent of all
 * processors.
 *
 * @param processes of the side that was measured, brokers and controller or ZooKeeper
 * @param clientSeconds CPU of the load generator
 * @param foreignPercent used by processes that the race did not start
 * @param stolenPercent taken by the hypervisor
 * @param waitingSidesPercent used by the other sides' idle clusters
 */
public record Usage(
        double wallSeconds,
        List<ProcessUsage> processes,
        double clientSeconds,
        double foreignPercent,
        double stolenPercent,
        double waitingSidesPercent,
        double idlePercent) {

    /** Above it somebody else's work decides the figures. */
    public static final double TOLERATED_FOREIGN_PERCENT = 10;

    /** One process of a side: its memory is that at the end. */
    public record ProcessUsage(
            String name, boolean broker, long pid, double cpuSeconds, Memory memory) {}

    public boolean disturbed() {
        return foreignPercent + stolenPercent > TOLERATED_FOREIGN_PERCENT;
    }

    public double brokerSeconds() {
        return processes.stream()
                .filter(ProcessUsage::broker)
                .mapToDouble(ProcessUsage::cpuSeconds)
                .sum();
    }

    public double sideSeconds() {
        return processes.stream().mapToDouble(ProcessUsage::cpuSeconds).sum();
    }

    public double brokerResidentMib() {
        return processes.stream()
                .filter(ProcessUsage::broker)
                .mapToDouble(process -> process.memory().residentMib())
                .average()
                .orElse(0);
    }
}
