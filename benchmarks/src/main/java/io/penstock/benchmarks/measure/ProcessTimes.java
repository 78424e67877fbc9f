package io.penstock.benchmarks.measure;

import java.util.List;

/**
 * CPU time of one process, from Linux' {@code /proc/<pid>/stat}.
 *
 * @param ownSeconds user and system time of its threads, ended ones included
 * @param reapedSeconds the same of its children that have ended and were waited for
 */
public record ProcessTimes(double ownSeconds, double reapedSeconds) {

    public static final ProcessTimes NONE = new ProcessTimes(0, 0);

    /** What the kernel calls USER_HZ: 100 on every architecture that runs here. */
    private static final double TICKS_PER_SECOND = 100.0;

    /** The process's name may hold blanks and brackets, so fields count from its last bracket. */
    static ProcessTimes parse(String stat) {
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
        return new ProcessTimes(
                (ticks(fields, 14) + ticks(fields, 15)) / TICKS_PER_SECOND,
                (ticks(fields, 16) + ticks(fields, 17)) / TICKS_PER_SECOND);
    }

    /** Fields are numbered as in proc(5), whose third is the first after the name. */
    private static long ticks(List<String> fields, int number) {
        return Long.parseLong(fields.get(number - 3));
    }

    double allSeconds() {
        return ownSeconds + reapedSeconds;
    }
}
