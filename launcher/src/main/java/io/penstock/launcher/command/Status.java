package io.penstock.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.nodes.LocalNodes;
import io.penstock.launcher.process.Component;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What runs. Changes nothing, takes no lock. */
public final class Status {
    private final Installation installation;
    private final PrintStream output;

    public Status(Installation installation, PrintStream output) {
        this.installation = installation;
        this.output = output;
    }

    public void printJson() throws IOException {
        var components = new ArrayList<Map<String, Object>>();
        for (var component : Stack.components(installation)) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("name", component.name());
            entry.put("state", state(component));
            entry.put("pid", component.pid().orElse(null));
            entry.put("log", component.log().toString());
            components.add(entry);
        }
        var status = new LinkedHashMap<String, Object>();
        status.put("console_url", installation.consoleUrl());
        status.put("api_url", installation.localUrl());
        status.put("issuer", installation.issuer());
        status.put("components", components);
        output.println(
                new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(status));
    }

    public void print() throws IOException {
        output.println("console  " + installation.consoleUrl());
        output.println("issuer   " + installation.issuer());
        output.println("state    " + installation.home());
        output.println();
        for (var component : Stack.components(installation)) {
            row(
                    component.name(),
                    state(component),
                    component.pid().map(String::valueOf).orElse("-"));
        }
        for (var node : new LocalNodes(installation).list()) {
            row(
                    installation.clusters().relativize(node.folder()).toString(),
                    node.process().isPresent() ? "running" : "stopped",
                    node.process().map(String::valueOf).orElse("-"));
        }
    }

    private void row(String name, String state, String pid) {
        output.printf(Locale.ROOT, "%-46s %-10s %s%n", name, state, pid);
    }

    private static String state(Component component) {
        if (component.pid().isEmpty()) {
            return "stopped";
        }
        return component.healthy() ? "running" : "unhealthy";
    }
}
