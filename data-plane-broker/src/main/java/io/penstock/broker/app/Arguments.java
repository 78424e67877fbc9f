package io.penstock.broker.app;

import java.nio.file.Path;

/** Command lines. */
final class Arguments {

    private Arguments() {}

    /**
     * The one argument, a path relative to the working directory.
     *
     * @throws StartException when there is not exactly one
     */
    static Path onlyFile(String command, String... arguments) {
        if (arguments.length != 1 || arguments[0].isBlank()) {
            throw new StartException("usage: " + command + " FILE");
        }
        return Path.of(arguments[0]);
    }
}
