package io.penstock.broker.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Where each leader epoch of a partition began (KIP-101, KIP-279), kept in {@code
 * leader-epoch-checkpoint}. Both epochs and offsets ascend. The file is not forced to disk: every
 * batch carries its epoch, so that recovery finds what a loss of power took. An epoch that begins
 * is written down with its first record: without one a start forgets it anyway.
 */
final class LeaderEpochs {

    private static final String VERSION = "0";

    private final Path file;
    private final TreeMap<Integer, Long> starts = new TreeMap<>();

    /** Whether there is a file at all: a log without records has none. */
    private boolean written;

    /** Whether the file lacks what is known here. */
    private boolean unsaved;

    LeaderEpochs(Path directory) {
        this.file = directory.resolve(LogFiles.LEADER_EPOCHS);
    }

    /** Reads the file; whether there was a whole one. */
    synchronized boolean load() throws IOException {
        starts.clear();
        if (!Files.exists(file)) {
            return false;
        }
        written = true;
        try {
            var lines = Files.readAllLines(file);
            if (lines.size() < 2
                    || !lines.get(0).equals(VERSION)
                    || Integer.parseInt(lines.get(1)) != lines.size() - 2) {
                return false;
            }
            for (String line : lines.subList(2, lines.size())) {
                int space = line.indexOf(' ');
                starts.put(
                        Integer.parseInt(line.substring(0, space)),
                        Long.parseLong(line.substring(space + 1)));
            }
            return true;
        } catch (NumberFormatException | IndexOutOfBoundsException damaged) {
            starts.clear();
            return false;
        }
    }

    synchronized OptionalInt latest() {
        return starts.isEmpty() ? OptionalInt.empty() : OptionalInt.of(starts.lastKey());
    }

    /** Notes that a leader's epoch begins at the log's end, unless it or a later one is known. */
    synchronized void begin(int epoch, long endOffset) {
        if (epoch < 0 || (!starts.isEmpty() && starts.lastKey() >= epoch)) {
            return;
        }
        // An epoch that began here without writing anything has no records: the new one takes over.
        starts.values().removeIf(start -> start >= endOffset);
        starts.put(epoch, endOffset);
        unsaved = true;
    }

    /** There is a record of the epoch at the offset, which begins it if it was not known. */
    synchronized void assign(int epoch, long startOffset) throws IOException {
        begin(epoch, startOffset);
        if (unsaved) {
            save();
        }
    }

    /**
     * The end of the largest epoch at or below the requested one.
     *
     * @param logEndOffset end of the latest epoch
     */
    synchronized Optional<LeaderEpochEnd> endOffsetFor(int epoch, long logEndOffset) {
        if (epoch < 0 || starts.isEmpty() || epoch > starts.lastKey()) {
            return Optional.empty();
        }
        if (epoch == starts.lastKey()) {
            return Optional.of(new LeaderEpochEnd(epoch, logEndOffset));
        }
        Map.Entry<Integer, Long> next = starts.higherEntry(epoch);
        Map.Entry<Integer, Long> floor = starts.floorEntry(epoch);
        // Below the first known epoch nothing but the start of that one can be said.
        int found = floor == null ? epoch : floor.getKey();
        return Optional.of(new LeaderEpochEnd(found, next.getValue()));
    }

    /** The epoch that the record at the offset belongs to. */
    synchronized OptionalInt epochAt(long offset) {
        OptionalInt found = OptionalInt.empty();
        for (Map.Entry<Integer, Long> entry : starts.entrySet()) {
            if (entry.getValue() > offset) {
                break;
            }
            found = OptionalInt.of(entry.getKey());
        }
        return found;
    }

    synchronized void truncateFromEnd(long endOffset) throws IOException {
        if (starts.values().removeIf(start -> start >= endOffset)) {
            changed();
        }
    }

    /** The log begins at the offset now: the epoch there begins no earlier. */
    synchronized void truncateFromStart(long startOffset) throws IOException {
        OptionalInt first = epochAt(startOffset);
        if (first.isEmpty() || starts.firstEntry().getValue() >= startOffset) {
            return;
        }
        starts.headMap(first.getAsInt(), false).clear();
        starts.put(first.getAsInt(), Math.max(startOffset, starts.get(first.getAsInt())));
        changed();
    }

    synchronized void clear() throws IOException {
        starts.clear();
        changed();
    }

    private void changed() throws IOException {
        if (written) {
            save();
        } else {
            unsaved = !starts.isEmpty();
        }
    }

    private void save() throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(VERSION).append('\n').append(starts.size()).append('\n');
        starts.forEach((epoch, start) -> text.append(epoch).append(' ').append(start).append('\n'));
        LogFiles.replace(file, text.toString(), false);
        written = true;
        unsaved = false;
    }
}
