package io.penstock.broker.log;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Kafka's producer snapshot, version 1: version, checksum of what follows it, entries. */
final class ProducerSnapshot {

    private static final short VERSION = 1;
    private static final int ENTRIES_FROM = 2 + 4;
    private static final int ENTRY_SIZE = 8 + 2 + 4 + 8 + 4 + 8 + 4 + 8;

    private ProducerSnapshot() {}

    static void write(Path file, Collection<ProducerEntry> entries) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(ENTRIES_FROM + 4 + entries.size() * ENTRY_SIZE);
        buffer.putShort(VERSION).putInt(0).putInt(entries.size());
        for (ProducerEntry entry : entries) {
            ProducerEntry.Batch last = entry.lastBatch();
            buffer.putLong(entry.producerId())
                    .putShort(entry.epoch())
                    .putInt(last == null ? ProducerEntry.NO_SEQUENCE : last.lastSequence())
                    .putLong(last == null ? -1 : last.lastOffset())
                    .putInt(last == null ? 0 : last.offsetDelta())
                    .putLong(entry.lastTimestamp())
                    .putInt(entry.coordinatorEpoch())
                    .putLong(entry.transactionFirstOffset());
        }
        buffer.putInt(2, checksum(buffer.array()));
        LogFiles.replace(file, buffer.array(), false);
    }

    /** The entries, or nothing if the file is damaged. */
    static Optional<List<ProducerEntry>> read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        if (content.length < ENTRIES_FROM + 4) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(content);
        if (buffer.getShort() != VERSION || buffer.getInt() != checksum(content)) {
            return Optional.empty();
        }
        try {
            int count = buffer.getInt();
            List<ProducerEntry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add(readEntry(buffer));
            }
            return Optional.of(entries);
        } catch (BufferUnderflowException shortFile) {
            return Optional.empty();
        }
    }

    private static ProducerEntry readEntry(ByteBuffer buffer) {
        long producerId = buffer.getLong();
        short epoch = buffer.getShort();
        int lastSequence = buffer.getInt();
        long lastOffset = buffer.getLong();
        int offsetDelta = buffer.getInt();
        long timestamp = buffer.getLong();
        int coordinatorEpoch = buffer.getInt();
        long transaction = buffer.getLong();
        var batch = new ProducerEntry.Batch(lastSequence, lastOffset, offsetDelta, timestamp);
        return ProducerEntry.restored(
                producerId, epoch, coordinatorEpoch, transaction, timestamp, batch);
    }

    private static int checksum(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content, ENTRIES_FROM, content.length - ENTRIES_FROM);
        return (int) checksum.getValue();
    }
}
