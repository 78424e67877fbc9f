package io.penstock.launcher.demo;

import java.io.PrintStream;
import java.util.Locale;

/** A line that is written over on a terminal, and left out elsewhere. */
final class LiveLine {
    private final PrintStream output;
    private final boolean terminal = "true".equals(System.getProperty("penstock.terminal"));

    LiveLine(PrintStream output) {
        this.output = output;
    }

    void show(String format, Object... values) {
        if (terminal) {
            output.print("\r\033[K" + String.format(Locale.ROOT, format, values));
            output.flush();
        }
    }

    void clear() {
        if (terminal) {
            output.print("\r\033[K");
            output.flush();
        }
    }
}
