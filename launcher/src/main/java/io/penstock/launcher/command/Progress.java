package io.penstock.launcher.command;

import java.io.PrintStream;
import java.util.Locale;

/** One line per part: redrawn on a terminal, printed once at its end elsewhere. */
final class Progress {
    private final String name;
    private final PrintStream output;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private long shown;

    Progress(String name, PrintStream output) {
        this.name = name;
        this.output = output;
        this.terminal = "true".equals(System.getProperty("penstock.terminal"));
    }

    void show(String state) {
        var now = System.nanoTime();
        if (terminal && now - shown > 200_000_000L) {
            shown = now;
            output.print("\r\033[K" + line(state + " …"));
            output.flush();
        }
    }

    void done(String state) {
        output.println((terminal ? "\r\033[K" : "") + line(state));
    }

    void failed() {
        if (terminal) {
            output.print("\r\033[K");
        }
    }

    private String line(String state) {
        var seconds = (System.nanoTime() - start) / 1e9;
        return String.format(Locale.ROOT, "  %-15s %s (%.1f s)", name, state, seconds);
    }
}
