package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.History.Outcome.Acknowledged;
import io.penstock.systemtests.faults.History.Producer;
import io.penstock.systemtests.faults.History.Read;
import io.penstock.systemtests.faults.History.Reader;
import io.penstock.systemtests.faults.History.Send;
import io.penstock.systemtests.faults.History.Stored;
import io.penstock.systemtests.faults.Violation.Rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges a history by what replicated storage promises to clients that wait for all in-sync
 * replicas. Every value is sent once, so that a value names its send.
 */
final class HistoryChecker {
    private final History history;
    private final Map<String, Send> sends = new HashMap<>();
    private final Map<Integer, Map<Long, Stored>> logByOffset = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    private HistoryChecker(History history) {
        this.history = history;
        history.sends().forEach(send -> sends.put(send.value(), send));
        history.log()
                .forEach(
                        (partition, log) -> {
                            var byOffset = new HashMap<Long, Stored>();
                            log.forEach(stored -> byOffset.put(stored.offset(), stored));
                            logByOffset.put(partition, byOffset);
                        });
    }

    /** Every broken promise; empty for a good history. */
    static List<Violation> check(History history) {
        var checker = new HistoryChecker(history);
        history.log().forEach(checker::checkLog);
        checker.checkAcknowledgements();
        history.reads().forEach(checker::checkRead);
        checker.checkSteadiness();
        checker.checkPositions();
        checker.checkCommits();
        return List.copyOf(checker.violations);
    }

    private void checkLog(int partition, List<Stored> log) {
        var seen = new HashMap<String, Long>();
        var last = new LinkedHashMap<Producer, Send>();
        Stored before = null;
        for (var stored : log) {
            checkStep(partition, before, stored);
            before = stored;
            var send = sends.get(stored.value());
            if (send == null || send.partition() != partition) {
                report(Rule.FOREIGN, partition, stored.offset(), stored.value());
                continue;
            }
            var first = seen.putIfAbsent(stored.value(), stored.offset());
            if (!send.producer().kind().isIdempotent()) {
                continue;
            }
            if (first != null) {
                report(
                        Rule.TWICE,
                        partition,
                        stored.offset(),
                        stored.value() + " is also at offset " + first);
                continue;
            }
            var previous = last.put(send.producer(), send);
            if (previous != null && previous.sequence() > send.sequence()) {
                report(
                        Rule.REORDERED,
                        partition,
                        stored.offset(),
                        stored.value() + " comes after " + previous.value());
            }
        }
    }

    private void checkStep(int partition, Stored before, Stored stored) {
        if (before == null) {
            return;
        }
        if (stored.offset() != before.offset() + 1) {
            report(
                    Rule.BROKEN_LOG,
                    partition,
                    stored.offset(),
                    "the offset before is " + before.offset());
        }
        if (stored.leaderEpoch() < before.leaderEpoch()) {
            report(
                    Rule.BROKEN_LOG,
                    partition,
                    stored.offset(),
                    "leader epoch "
                            + stored.leaderEpoch()
                            + " comes after "
                            + before.leaderEpoch());
        }
    }

    private void checkAcknowledgements() {
        var places = new HashMap<String, Integer>();
        history.log()
                .forEach(
                        (partition, log) ->
                                log.forEach(stored -> places.put(stored.value(), partition)));
        for (var send : history.sends()) {
            if (!(send.outcome() instanceof Acknowledged acknowledged)) {
                continue;
            }
            var offset = acknowledged.offset();
            if (!Integer.valueOf(send.partition()).equals(places.get(send.value()))) {
                report(Rule.LOST, send.partition(), offset.orElse(-1), send.value());
            } else if (offset.isPresent()
                    && !send.value().equals(valueAt(send.partition(), offset.getAsLong()))) {
                report(
                        Rule.MISPLACED,
                        send.partition(),
                        offset.getAsLong(),
                        send.value() + " was acknowledged here");
            }
        }
    }

    private void checkRead(Read read) {
        var stored = logByOffset.getOrDefault(read.partition(), Map.of()).get(read.offset());
        if (stored == null
                || !stored.value().equals(read.value())
                || stored.leaderEpoch() != read.leaderEpoch()) {
            report(
                    Rule.VANISHED,
                    read.partition(),
                    read.offset(),
                    "%s was given %s of leader epoch %d, in the end there is %s"
                            .formatted(
                                    read.reader().name(),
                                    read.value(),
                                    read.leaderEpoch(),
                                    stored == null
                                            ? "nothing"
                                            : stored.value()
                                                    + " of leader epoch "
                                                    + stored.leaderEpoch()));
        }
    }

    /** A reader that was told that its position is lost goes on elsewhere, and says so. */
    private void checkSteadiness() {
        var positions = new HashMap<Reader, Map<Integer, Long>>();
        for (var read : history.reads()) {
            if (!read.reader().isAlone()) {
                continue;
            }
            var before =
                    positions
                            .computeIfAbsent(read.reader(), any -> new HashMap<>())
                            .put(read.partition(), read.offset());
            if (before != null && read.offset() != before + 1) {
                report(
                        Rule.SKIPPED,
                        read.partition(),
                        read.offset(),
                        "%s was given offset %d before".formatted(read.reader().name(), before));
            }
        }
    }

    private void checkPositions() {
        for (var lost : history.lostPositions()) {
            report(
                    Rule.POSITION_LOST,
                    lost.partition(),
                    lost.offset(),
                    "of " + lost.reader().name());
        }
    }

    private void checkCommits() {
        history.committed()
                .forEach(
                        (partition, offset) -> {
                            var end = end(partition);
                            if (offset > end) {
                                report(
                                        Rule.COMMIT_PAST_END,
                                        partition,
                                        offset,
                                        "the end is " + end);
                            }
                        });
        var highest = new HashMap<Integer, Long>();
        history.commits()
                .forEach(commit -> highest.merge(commit.partition(), commit.offset(), Math::max));
        highest.forEach(
                (partition, offset) -> {
                    var committed = history.committed().get(partition);
                    if (committed == null || committed < offset) {
                        report(
                                Rule.COMMIT_LOST,
                                partition,
                                offset,
                                "in the end the group has " + committed);
                    }
                });
    }

    private long end(int partition) {
        var log = history.log().getOrDefault(partition, List.of());
        return log.isEmpty() ? 0 : log.getLast().offset() + 1;
    }

    private String valueAt(int partition, long offset) {
        var stored = logByOffset.getOrDefault(partition, Map.of()).get(offset);
        return stored == null ? null : stored.value();
    }

    private void report(Rule rule, int partition, long offset, String evidence) {
        violations.add(
                new Violation(
                        rule, "partition %d offset %d: %s".formatted(partition, offset, evidence)));
    }
}
