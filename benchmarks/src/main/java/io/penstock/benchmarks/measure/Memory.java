package io.penstock.benchmarks.measure;

import java.util.List;

/** Resident memory of one process, in MiB, from {@code /proc/<pid>/status}. */
public record Memory(double residentMib, double highestMib) {

    public static final Memory NONE = new Memory(0, 0);

    static Memory parse(List<String> status) {
        return new Memory(mib(status, "VmRSS:"), mib(status, "VmHWM:"));
    }

    private static double mib(List<String> status, String key) {
        return status.stream()
                .filter(line -> line.startsWith(key))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .findFirst()
                .orElse(0);
    }
}
