package io.penstock.provisioner.terraform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** Reads a file that another process appends to, line by line; the file may not be there yet. */
final class FileTail implements AutoCloseable {
    private final Path file;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private FileChannel channel;

    FileTail(Path file) {
        this.file = file;
    }

    /** Hands over every line that is complete by now. */
    void readTo(Consumer<String> lines) throws IOException {
        if (channel == null) {
            try {
                channel = FileChannel.open(file, StandardOpenOption.READ);
            } catch (NoSuchFileException e) {
                return;
            }
        }
        while (channel.read(buffer.clear()) > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    readRest(lines);
                } else {
                    partial.write(next);
                }
            }
        }
    }

    /** Hands over what stands after the last line end, once nobody writes any more. */
    void readRest(Consumer<String> lines) {
        if (partial.size() > 0) {
            String line = partial.toString(StandardCharsets.UTF_8);
            partial.reset();
            lines.accept(line);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
