package io.penstock.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.systemtests.Commands.Output;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A whole installation of its own: state folder, free ports, loopback range. It is started once per
 * run through the script that people use, and reset at the end of the run.
 */
final class Installation {
    private static final Path CHECKOUT =
            Path.of(System.getProperty("penstock.checkout")).toAbsolutePath().normalize();
    private static final Duration UP_LIMIT = Duration.ofMinutes(10);
    private static final Installation SHARED = new Installation();

    private final Path home =
            Path.of(System.getProperty("penstock.target")).toAbsolutePath().resolve("installation");
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> tokens = new HashMap<>();
    private boolean up;

    private Installation() {
        environment.put("PENSTOCK_HOME", home.toString());
    }

    /** The running installation. */
    static synchronized Installation running() throws IOException, InterruptedException {
        if (!SHARED.up) {
            SHARED.startAnew();
        }
        return SHARED;
    }

    private void startAnew() throws IOException, InterruptedException {
        if (Files.exists(home.resolve("settings.properties"))) {
            penstock(Duration.ofMinutes(3), "reset", "--yes").orFail();
        }
        var ports = freePorts();
        environment.put("PENSTOCK_CONSOLE_PORT", ports.get(0));
        environment.put("PENSTOCK_ENROLMENT_PORT", ports.get(1));
        environment.put("PENSTOCK_KEYCLOAK_PORT", ports.get(2));
        environment.put("PENSTOCK_POSTGRESQL_PORT", ports.get(3));
        Runtime.getRuntime().addShutdownHook(new Thread(this::resetAtEnd));
        up();
        up = true;
    }

    Output penstock(Duration limit, String... arguments) throws IOException, InterruptedException {
        var command =
                Stream.concat(
                                Stream.of(CHECKOUT.resolve("penstock").toString()),
                                Stream.of(arguments))
                        .toList();
        return Commands.run(limit, CHECKOUT, environment, "", command);
    }

    void up() throws IOException, InterruptedException {
        penstock(UP_LIMIT, "up").orFail();
    }

    void down() throws IOException, InterruptedException {
        penstock(Duration.ofMinutes(4), "down").orFail();
    }

    JsonNode status() throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(penstock(Duration.ofSeconds(60), "status", "--json").orFail().standard());
    }

    /** The pid of a component that runs. */
    long pid(String component) throws IOException, InterruptedException {
        for (var entry : status().get("components")) {
            if (entry.get("name").asText().equals(component) && !entry.get("pid").isNull()) {
                return entry.get("pid").asLong();
            }
        }
        throw new AssertionError(component + " does not run");
    }

    synchronized Api as(String user) throws IOException, InterruptedException {
        if (!tokens.containsKey(user)) {
            tokens.put(
                    user,
                    penstock(Duration.ofSeconds(60), "token", user).orFail().standard().strip());
        }
        return new Api(url(), tokens.get(user));
    }

    String url() {
        return "http://127.0.0.1:" + environment.get("PENSTOCK_CONSOLE_PORT");
    }

    Path home() {
        return home;
    }

    Path checkout() {
        return CHECKOUT;
    }

    Map<String, String> environment() {
        return environment;
    }

    String demoPassword() throws IOException {
        return Files.readString(home.resolve("secrets/demo-users")).strip();
    }

    /** Pids of processes on whose command line the text stands. */
    static List<Long> processes(String text) {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).contains(text))
                .map(ProcessHandle::pid)
                .toList();
    }

    static String commandLine(long pid) {
        try {
            return Files.readString(
                            Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    private void resetAtEnd() {
        try {
            penstock(Duration.ofMinutes(4), "reset", "--yes");
        } catch (IOException e) {
            System.err.println("The installation could not be reset: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> freePorts() throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        for (var i = 0; i < 4; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
        }
        var ports =
                sockets.stream().map(socket -> Integer.toString(socket.getLocalPort())).toList();
        for (var socket : sockets) {
            socket.close();
        }
        return ports;
    }
}
