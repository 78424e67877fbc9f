package io.penstock.benchmarks.profile;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often a recording of CPU time (JEP 509) found which method at work. */
final class HotMethods {

    private static final String CPU_TIME_SAMPLE = "jdk.CPUTimeSample";

    private final Map<String, Integer> samples = new TreeMap<>();
    private int total;

    void add(Path recording) throws IOException {
        try (RecordingFile events = new RecordingFile(recording)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                if (event.getEventType().getName().equals(CPU_TIME_SAMPLE)) {
                    add(event.getStackTrace());
                }
            }
        }
    }

    private void add(RecordedStackTrace stack) {
        if (stack == null || stack.getFrames().isEmpty()) {
            return;
        }
        RecordedFrame top = stack.getFrames().getFirst();
        RecordedMethod method = top.getMethod();
        samples.merge(method.getType().getName() + "." + method.getName(), 1, Integer::sum);
        total++;
    }

    /** Name and share in percent, the most frequent first. */
    List<Map.Entry<String, Double>> most(int count) {
        return samples.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(count)
                .map(entry -> Map.entry(entry.getKey(), 100.0 * entry.getValue() / total))
                .toList();
    }

    int total() {
        return total;
    }
}
