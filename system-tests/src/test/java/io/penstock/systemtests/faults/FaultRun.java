package io.penstock.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.systemtests.faults.AcknowledgementGaps.Window;
import io.penstock.systemtests.faults.History.Outcome;
import io.penstock.systemtests.faults.History.ProducerKind;
import io.penstock.systemtests.faults.Violation.Rule;

import org.awaitility.core.ConditionTimeoutException;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** One cluster under load, hurt by one kind of fault again and again, and judged in the end. */
final class FaultRun implements AutoCloseable {
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 4;

    private final String name;
    private final FaultCluster cluster;
    private final TopicView topic;
    private final Load load;
    private final Scene scene;
    private final List<Struck> struck = new ArrayList<>();

    private record Struck(Set<Integer> partitions, Window fault, Window mending) {}

    private FaultRun(String name, FaultCluster cluster, long seed) {
        this.name = name;
        this.cluster = cluster;
        var servers = cluster.bootstrapServers();
        this.topic = new TopicView(servers, TOPIC);
        topic.create(PARTITIONS, cluster.plan().replicationFactor());
        this.load = Load.start(servers, TOPIC, PARTITIONS);
        this.scene =
                new Scene(cluster, topic, load, PARTITIONS, new Random(seed ^ name.hashCode()));
    }

    /**
     * @param name of the kind of fault, which is also the cluster's folder
     */
    static FaultRun start(String name, ClusterPlan plan, long seed)
            throws IOException, InterruptedException {
        Progress.say(name, "starts");
        var cluster = FaultCluster.start(plan, name.replaceAll("\\W+", "-"));
        try {
            return new FaultRun(name, cluster, seed);
        } catch (RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /** Strikes, waits until clients go on, mends, and waits until the cluster is whole. */
    FaultRun strike(Fault fault, int times) throws Exception {
        for (var i = 0; i < times; i++) {
            topic.awaitAllInSync(Limits.IN_SYNC);
            load.awaitProgress(Limits.PROGRESS);
            var began = System.nanoTime();
            strike(fault);
            Progress.say(
                    name,
                    "%d of %d, %d s"
                            .formatted(
                                    i + 1,
                                    times,
                                    Duration.ofNanos(System.nanoTime() - began).toSeconds()));
        }
        return this;
    }

    private void strike(Fault fault) throws Exception {
        var began = System.nanoTime();
        var injury = fault.inject(scene);
        load.awaitProgress(injury.goOn(), Limits.PROGRESS);
        var mended = System.nanoTime();
        injury.mend().run();
        if (!injury.goOn().contains(ProducerKind.IDEMPOTENT)) {
            load.awaitProgress(Limits.PROGRESS);
            mended = System.nanoTime();
        }
        topic.awaitAllInSync(Limits.IN_SYNC);
        load.awaitProgress(Limits.PROGRESS);
        struck.add(
                new Struck(
                        injury.partitions(),
                        new Window(began, mended),
                        new Window(mended, System.nanoTime())));
    }

    /** What clients saw, and which promises that breaks. */
    record Verdict(History history, List<Violation> violations) {}

    /** Stops the clients, reads everything again and judges. */
    Verdict verdict() throws Exception {
        load.stopProducers();
        topic.awaitAllInSync(Limits.IN_SYNC);
        var log = WholeLog.read(cluster.bootstrapServers(), TOPIC, PARTITIONS);
        load.awaitRead(WholeLog.ends(log), Limits.CATCH_UP);
        load.stopReaders();
        var history = load.history(log, topic.committed(Load.GROUP));
        var violations = new ArrayList<>(HistoryChecker.check(history));
        violations.addAll(differencesOfReplicas());
        return new Verdict(history, List.copyOf(violations));
    }

    /** Fails on a broken promise; the row goes into the report either way. */
    FaultReport.Row judge() throws Exception {
        var verdict = verdict();
        var row = row(verdict);
        FaultReport.add(row);
        writeEvidence(verdict.violations());
        Progress.say(
                name,
                "%d acknowledged, %d broken promises"
                        .formatted(row.acknowledged(), row.violations()));
        assertThat(verdict.violations())
                .as("broken promises; the evidence is in " + cluster.folder())
                .isEmpty();
        assertThat(row.acknowledged()).as("acknowledged records").isPositive();
        assertThat(verdict.history().reads()).as("records read meanwhile").isNotEmpty();
        assertThat(verdict.history().commits()).as("offsets committed meanwhile").isNotEmpty();
        return row;
    }

    /** Followers may still fetch what the leader has just acknowledged to nobody. */
    private List<Violation> differencesOfReplicas() {
        if (cluster.plan().replicationFactor() < cluster.plan().brokers()) {
            return List.of();
        }
        var directories = cluster.plan().brokerNames().stream().map(cluster::data).toList();
        var differences = new ArrayList<Violation>();
        try {
            await().atMost(Limits.CATCH_UP)
                    .until(
                            () -> {
                                differences.clear();
                                differences.addAll(
                                        ReplicaFiles.compare(directories, TOPIC, PARTITIONS));
                                return differences.isEmpty();
                            });
        } catch (ConditionTimeoutException e) {
            return differences;
        }
        return List.of();
    }

    private FaultReport.Row row(Verdict verdict) {
        var history = verdict.history();
        var usual = AcknowledgementGaps.of(history.sends(), ProducerKind.IDEMPOTENT);
        var impatient = AcknowledgementGaps.of(history.sends(), ProducerKind.IMPATIENT);
        return new FaultReport.Row(
                name,
                struck.stream().map(s -> usual.longest(s.partitions(), s.fault())).toList(),
                struck.stream().map(s -> impatient.longest(s.partitions(), s.fault())).toList(),
                struck.stream()
                        .map(s -> usual.longest(scene.allPartitions(), s.mending()))
                        .toList(),
                count(history, Outcome.Acknowledged.class),
                count(history, Outcome.Failed.class),
                verdict.violations().stream()
                        .filter(violation -> violation.rule() == Rule.LOST)
                        .count(),
                verdict.violations().size());
    }

    private static long count(History history, Class<? extends Outcome> kind) {
        return history.sends().stream().filter(send -> kind.isInstance(send.outcome())).count();
    }

    private void writeEvidence(List<Violation> violations) throws IOException {
        Files.writeString(
                cluster.folder().resolve("violations.txt"),
                violations.stream()
                        .map(violation -> violation + "\n")
                        .collect(Collectors.joining()));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        load.abandon();
        topic.close();
        cluster.close();
    }
}
