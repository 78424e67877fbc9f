package io.penstock.benchmarks.scenario;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads what a load generator says while it runs, without taking more than it asked for. */
final class ProcessLines {

    private ProcessLines() {}

    /** The next line, or what there is when the process ends. */
    static String next(Process process) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int read = process.getInputStream().read();
        while (read >= 0 && read != '\n') {
            line.write(read);
            read = process.getInputStream().read();
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
