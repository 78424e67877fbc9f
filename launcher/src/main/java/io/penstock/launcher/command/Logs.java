package io.penstock.launcher.command;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.nodes.LocalNodes;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ends of the logs, or of one component's or node's. */
public final class Logs {
    private final Installation installation;
    private final PrintStream output;

    public Logs(Installation installation, PrintStream output) {
        this.installation = installation;
        this.output = output;
    }

    public void printAll() throws IOException {
        for (var log : logs().entrySet()) {
            output.println("==> " + log.getKey() + ": " + log.getValue());
            output.println(LogTail.of(log.getValue(), 15));
            output.println();
        }
    }

    public void print(String name) throws IOException {
        var logs = logs();
        var log = logs.get(name);
        if (log == null) {
            throw new LaunchFailure(
                    "There is no log of '%s'.".formatted(name),
                    "Choose one of: " + String.join(", ", logs.keySet()) + ".");
        }
        output.println(LogTail.of(log, 400));
    }

    private Map<String, Path> logs() throws IOException {
        var logs = new LinkedHashMap<String, Path>();
        for (var component : Stack.components(installation)) {
            logs.put(component.name(), component.log());
        }
        for (var node : new LocalNodes(installation).list()) {
            logs.put(
                    installation.clusters().relativize(node.folder()).toString(),
                    node.folder().resolve("log/node.log"));
        }
        logs.put("build", installation.home().resolve("build.log"));
        return logs;
    }
}
