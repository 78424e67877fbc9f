package io.penstock.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The transactions that were aborted by a marker in one segment; a file only if there are any. */
final class AbortedTransactionIndex {

    private static final short VERSION = 0;
    private static final int ENTRY_SIZE = 2 + 4 * 8;

    private final Path path;
    private volatile List<AbortedTransaction> transactions = List.of();

    AbortedTransactionIndex(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    List<AbortedTransaction> all() {
        return transactions;
    }

    void load() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path));
        List<AbortedTransaction> loaded = new ArrayList<>();
        while (file.remaining() >= ENTRY_SIZE) {
            short version = file.getShort();
            if (version != VERSION) {
                throw new IOException(path + " has entries of unknown version " + version);
            }
            loaded.add(
                    new AbortedTransaction(
                            file.getLong(), file.getLong(), file.getLong(), file.getLong()));
        }
        transactions = List.copyOf(loaded);
    }

    /** Makes the file, even an empty one, durable. */
    void force() throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    void append(AbortedTransaction transaction) throws IOException {
        ByteBuffer entry = encode(transaction);
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long at = (long) transactions.size() * ENTRY_SIZE;
            while (entry.hasRemaining()) {
                channel.write(entry, at + entry.position());
            }
        }
        List<AbortedTransaction> longer = new ArrayList<>(transactions);
        longer.add(transaction);
        transactions = List.copyOf(longer);
    }

    /** Forgets the transactions whose marker is at or after the offset. */
    void truncateTo(long offset) throws IOException {
        List<AbortedTransaction> kept =
                transactions.stream().filter(t -> t.lastOffset() < offset).toList();
        if (kept.size() < transactions.size()) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate((long) kept.size() * ENTRY_SIZE);
            }
            transactions = kept;
        }
    }

    private static ByteBuffer encode(AbortedTransaction transaction) {
        return ByteBuffer.allocate(ENTRY_SIZE)
                .putShort(VERSION)
                .putLong(transaction.producerId())
                .putLong(transaction.firstOffset())
                .putLong(transaction.lastOffset())
                .putLong(transaction.lastStableOffset())
                .flip();
    }
}
