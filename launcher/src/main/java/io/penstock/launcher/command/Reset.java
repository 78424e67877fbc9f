package io.penstock.launcher.command;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.installation.InstallationLock;
import io.penstock.launcher.installation.Settings;
import io.penstock.launcher.installation.StateFolder;
import io.penstock.launcher.installation.Trees;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;

/**
 * Stops everything and deletes the state. Only entries that Penstock itself makes are deleted, and
 * only in a folder that {@code up} has marked as its own by {@code settings.properties}; a folder
 * that then holds anything else stays.
 */
public final class Reset {
    private final Installation installation;
    private final PrintStream output;

    public Reset(Installation installation, PrintStream output) {
        this.installation = installation;
        this.output = output;
    }

    public void run() throws IOException, InterruptedException {
        var home = installation.home();
        if (!Files.isDirectory(home)) {
            output.println("There is no state folder " + home + ": nothing to delete.");
            return;
        }
        if (!Files.isRegularFile(Settings.file(home))) {
            throw new LaunchFailure(
                    home + " was not made by `penstock up`: it has no settings.properties.",
                    "Nothing was deleted. Check PENSTOCK_HOME.");
        }
        try (var lock = InstallationLock.acquire(home, output)) {
            new Down(installation, output).stopEverything();
            for (var name : StateFolder.DATA) {
                Trees.delete(home.resolve(name));
            }
        }
        if (!installation.ownsPostgresql()) {
            output.println(
                    "The external database keeps what it holds, and the key to it is deleted: drop it too.");
        }
        try (var rest = Files.list(home)) {
            if (rest.findAny().isPresent()) {
                output.println("Deleted the state in " + home + "; what else lies there was kept.");
                return;
            }
        }
        Files.delete(home);
        output.println("Deleted " + home + ".");
    }
}
