package io.penstock.launcher.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.util.LinkedHashMap;
import java.util.Map;

/** Prints the state of a load process as one line of JSON, at most ten times a second. */
final class Report {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PERIOD_NANOS = 100_000_000L;
    private long printed = System.nanoTime() - PERIOD_NANOS;

    void maybe(Verification verification, Map<String, Object> further)
            throws JsonProcessingException {
        if (System.nanoTime() - printed >= PERIOD_NANOS) {
            now(verification, further);
        }
    }

    void now(Verification verification, Map<String, Object> further)
            throws JsonProcessingException {
        printed = System.nanoTime();
        var report = new LinkedHashMap<String, Object>();
        report.put("records", verification.records());
        report.put("bytes", verification.bytes());
        report.put("checksum", verification.checksum());
        report.putAll(further);
        System.out.println(JSON.writeValueAsString(report));
    }
}
