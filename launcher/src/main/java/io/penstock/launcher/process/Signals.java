package io.penstock.launcher.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Sends signals that Java itself cannot send. */
public final class Signals {
    private Signals() {}

    /**
     * Sends the named signal ({@code TERM}, {@code INT}, …); a process that is gone is no error.
     */
    public static void send(long pid, String signal) throws InterruptedException {
        try {
            new ProcessBuilder("bash", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
