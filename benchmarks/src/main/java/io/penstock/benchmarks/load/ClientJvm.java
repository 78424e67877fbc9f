package io.penstock.benchmarks.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.benchmarks.Commands;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Load generators run in JVMs of their own, one for each measurement, so that the second side never
 * meets a client that the first one warmed up.
 */
public final class ClientJvm {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The options of Kafka's own tools, with room for two hundred producers. */
    private static final List<String> OPTIONS =
            List.of(
                    "-Xmx1G",
                    "-XX:+UseG1GC",
                    "-XX:MaxGCPauseMillis=20",
                    "-XX:InitiatingHeapOccupancyPercent=35",
                    "-XX:+ExplicitGCInvokesConcurrent",
                    "-Djava.awt.headless=true");

    private ClientJvm() {}

    public static List<String> command(String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return List.copyOf(command);
    }

    public static Process start(String mainClass, List<String> arguments) throws IOException {
        return new ProcessBuilder(command(mainClass, arguments)).redirectErrorStream(true).start();
    }

    /** Runs one of our own clients and reads the JSON object that is its last line. */
    public static JsonNode run(Class<?> mainClass, ClientArguments arguments, Duration limit)
            throws IOException, InterruptedException {
        List<String> command = command(mainClass.getName(), arguments.toList());
        return lastLine(Commands.run(command, Map.of(), limit));
    }

    public static JsonNode lastLine(String output) throws JsonProcessingException {
        String stripped = output.strip();
        String line = stripped.substring(stripped.lastIndexOf('\n') + 1);
        if (!line.startsWith("{")) {
            throw new IllegalStateException(
                    "The load generator gave no result: " + Commands.tail(output));
        }
        return JSON.readTree(line);
    }
}
