package io.penstock.benchmarks.load;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The command line of our own clients: {@code name=value} each. Secrets are in the file it names.
 */
public final class ClientArguments {

    public static final String CLIENT_FILE = "client-file";
    public static final String SERVERS = "servers";
    public static final String TOPIC = "topic";

    private final Map<String, String> values = new LinkedHashMap<>();

    public ClientArguments(Path clientFile, String servers, String topic) {
        put(CLIENT_FILE, clientFile);
        put(SERVERS, servers);
        put(TOPIC, topic);
    }

    private ClientArguments() {}

    public static ClientArguments parse(String[] arguments) {
        ClientArguments parsed = new ClientArguments();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            parsed.values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return parsed;
    }

    public ClientArguments put(String name, Object value) {
        values.put(name, value.toString());
        return this;
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The argument " + name + " is missing");
        }
        return value;
    }

    public int number(String name) {
        return Integer.parseInt(text(name));
    }

    public List<String> toList() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }
}
