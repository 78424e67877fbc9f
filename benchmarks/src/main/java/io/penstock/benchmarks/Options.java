package io.penstock.benchmarks;

import io.penstock.benchmarks.scenario.Scenario;
import io.penstock.benchmarks.scenario.Scenarios;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param peers opponents by name; none races our side alone
 * @param json file that result lines are added to
 * @param scalePercent of every load's size; anything but 100 is a smoke run
 * @param quietLimit how long a run waits for a quiet machine
 * @param strict leaves runs with foreign load out of the table
 */
public record Options(
        List<Scenario> scenarios,
        List<String> peers,
        int rounds,
        Optional<Path> json,
        int scalePercent,
        Duration quietLimit,
        boolean strict,
        boolean profile) {

    static final List<String> PEERS =
            List.of("kraft", "kraft-tuned", "zookeeper", "zookeeper-tuned");

    /** A command line that asks for something which does not exist. */
    static final class Misuse extends RuntimeException {
        private static final long serialVersionUID = 1;

        Misuse(String message) {
            super(message);
        }
    }

    static Options parse(List<String> arguments, Path caller) {
        Deque<String> rest = new ArrayDeque<>(arguments);
        List<Scenario> scenarios = new ArrayList<>();
        List<String> peers = List.of("kraft");
        int rounds = 3;
        int scale = 100;
        Optional<Path> json = Optional.empty();
        Duration quiet = Duration.ofSeconds(60);
        boolean strict = false;
        boolean profile = false;
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            switch (argument) {
                case "--peer" -> peers = peers(value(argument, rest));
                case "--rounds" -> rounds = number(argument, rest, 1);
                case "--json" -> json = Optional.of(caller.resolve(value(argument, rest)));
                case "--scale" -> scale = number(argument, rest, 1);
                case "--quiet" -> quiet = Duration.ofSeconds(number(argument, rest, 0));
                case "--smoke" -> {
                    scale = 2;
                    rounds = 1;
                    quiet = Duration.ZERO;
                }
                case "--strict" -> strict = true;
                case "--profile" -> profile = true;
                default -> scenarios.add(scenario(argument));
            }
        }
        return new Options(
                scenarios.isEmpty() ? Scenarios.all() : List.copyOf(scenarios),
                peers,
                rounds,
                json,
                scale,
                quiet,
                strict,
                profile);
    }

    private static Scenario scenario(String name) {
        return Scenarios.all().stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new Misuse(
                                        name.startsWith("-")
                                                ? "bench has no option " + name
                                                : "there is no scenario " + name));
    }

    private static List<String> peers(String names) {
        if (names.equals("none")) {
            return List.of();
        }
        List<String> peers = List.of(names.split(","));
        peers.stream()
                .filter(name -> !PEERS.contains(name))
                .findFirst()
                .ifPresent(
                        name -> {
                            throw new Misuse("there is no peer " + name);
                        });
        return peers;
    }

    private static int number(String option, Deque<String> rest, int least) {
        String value = value(option, rest);
        if (!value.matches("\\d{1,6}") || Integer.parseInt(value) < least) {
            throw new Misuse(option + " takes a number, " + least + " or more");
        }
        return Integer.parseInt(value);
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new Misuse(option + " takes a value");
        }
        return rest.pop();
    }
}
