package io.penstock.benchmarks.profile;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** CPU seconds of threads, added up by what they are for. */
final class ThreadGroups {

    private ThreadGroups() {}

    /** The kernel keeps fifteen letters of a thread's name. */
    static String groupOf(String thread) {
        if (thread.startsWith("C1 Comp") || thread.startsWith("C2 Comp")) {
            return "JIT compiler";
        }
        if (thread.startsWith("G1 ") || thread.startsWith("GC Thread")) {
            return "garbage collector";
        }
        if (thread.startsWith("JFR ")) {
            return "JFR";
        }
        return thread.replaceAll("[-#.: ]*\\d[-\\d]*$", "");
    }

    /** Shares in percent of what was used in between, the largest first. */
    static Map<String, Double> shares(Map<String, Double> before, Map<String, Double> after) {
        Map<String, Double> used = new TreeMap<>();
        after.forEach(
                (thread, seconds) ->
                        used.merge(
                                groupOf(thread),
                                Math.max(0, seconds - before.getOrDefault(thread, 0.0)),
                                Double::sum));
        double total = used.values().stream().mapToDouble(Double::doubleValue).sum();
        Map<String, Double> shares = new LinkedHashMap<>();
        used.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> shares.put(entry.getKey(), 100 * entry.getValue() / total));
        return shares;
    }
}
