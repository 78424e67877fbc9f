package io.penstock.benchmarks;

import io.penstock.benchmarks.cluster.PenstockSide;
import io.penstock.benchmarks.cluster.Side;
import io.penstock.benchmarks.measure.Meter;
import io.penstock.benchmarks.measure.QuietMachine;
import io.penstock.benchmarks.profile.BrokerProfile;
import io.penstock.benchmarks.report.ResultLines;
import io.penstock.benchmarks.report.Run;
import io.penstock.benchmarks.report.Run.Outcome;
import io.penstock.benchmarks.scenario.Arena;
import io.penstock.benchmarks.scenario.Measured;
import io.penstock.benchmarks.scenario.Scenario;
import io.penstock.benchmarks.scenario.Scenario.Lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Runs scenarios against all sides in turn.
 *
 * <p>A round runs a scenario once against each side, the next round in the opposite order. Warm
 * clusters stay for all rounds of a scenario while they wait for their turn; what they use
 * meanwhile is counted apart. Whatever fails or takes too long is noted, and the race goes on.
 */
final class Race {

    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private final Workspace workspace;
    private final Options options;
    private final List<Side> sides;
    private final ResultLines results;
    private final List<Run> runs = new ArrayList<>();

    Race(Workspace workspace, Options options, List<Side> sides, ResultLines results) {
        this.workspace = workspace;
        this.options = options;
        this.sides = List.copyOf(sides);
        this.results = results;
    }

    List<Run> runs() {
        return List.copyOf(runs);
    }

    void run(Scenario scenario) throws IOException, InterruptedException {
        Progress.say(scenario.name() + ": " + scenario.description().question());
        List<Contender> contenders =
                sides.stream().map(side -> new Contender(side, scenario)).toList();
        try {
            for (int round = 1; round <= options.rounds(); round++) {
                for (Contender contender : RoundOrder.of(round, contenders)) {
                    Run run = run(scenario, contender, contenders, round);
                    runs.add(run);
                    results.add(run);
                    contender.roundEnded(run.outcome() instanceof Outcome.Failed);
                }
            }
        } finally {
            for (Contender contender : contenders) {
                contender.close();
            }
        }
    }

    private Run run(Scenario scenario, Contender contender, List<Contender> all, int round)
            throws InterruptedException {
        String side = contender.side().name();
        String what =
                scenario.name() + ", round " + round + " of " + options.rounds() + ", " + side;
        Instant start = Instant.now();
        Outcome outcome;
        try {
            Measured measured = measure(scenario, contender, all, round);
            outcome = new Outcome.Succeeded(measured);
            Progress.say(what + ": " + summary(scenario, measured));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            outcome = new Outcome.Failed(reason);
            Progress.say(what + " FAILED: " + reason);
        }
        return new Run(scenario, side, round, start, outcome);
    }

    private Measured measure(Scenario scenario, Contender contender, List<Contender> all, int round)
            throws Exception {
        String name = scenario.name() + "-" + round;
        var cluster = BoundedWork.within(START_LIMIT, contender::cluster);
        Arena arena =
                new Arena(
                        cluster,
                        options.scalePercent(),
                        name,
                        scenario.limit(),
                        () -> waiting(contender, all));
        if (scenario.description().lifecycle() == Lifecycle.KEPT && !contender.isWarm()) {
            Progress.say(scenario.name() + ": warming up " + contender.side().name());
            BoundedWork.within(
                    scenario.limit().plus(START_LIMIT),
                    () -> {
                        scenario.warmUp(arena);
                        return true;
                    });
            contender.warmedUp();
        }
        if (!QuietMachine.await(options.quietLimit()) && options.quietLimit().isPositive()) {
            Progress.say("the machine is not quiet; the run will be marked if that goes on");
        }
        if (!profiled(scenario, contender)) {
            return BoundedWork.within(scenario.limit(), () -> scenario.measure(arena));
        }
        BrokerProfile profile =
                BrokerProfile.start(contender.watched(), workspace.profiles().resolve(name));
        Measured measured = BoundedWork.within(scenario.limit(), () -> scenario.measure(arena));
        System.out.println(profile.stop());
        return measured;
    }

    private boolean profiled(Scenario scenario, Contender contender) {
        return options.profile()
                && scenario.description().lifecycle() != Lifecycle.UNSTARTED
                && contender.side().name().equals(PenstockSide.NAME);
    }

    private static List<Meter.Watched> waiting(Contender contender, List<Contender> all) {
        return all.stream()
                .filter(other -> other != contender)
                .flatMap(other -> other.watched().stream())
                .toList();
    }

    private static String summary(Scenario scenario, Measured measured) {
        String figures =
                scenario.description().figures().stream()
                        .map(
                                figure ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s %.2f %s",
                                                figure.name(),
                                                measured.figures()
                                                        .getOrDefault(figure.name(), Double.NaN),
                                                figure.unit()))
                        .collect(Collectors.joining(", "));
        return figures
                + String.format(
                        Locale.ROOT,
                        " (foreign load %.0f %%, stolen %.0f %%%s)",
                        measured.usage().foreignPercent(),
                        measured.usage().stolenPercent(),
                        measured.usage().disturbed() ? ": DISTURBED" : "");
    }
}
