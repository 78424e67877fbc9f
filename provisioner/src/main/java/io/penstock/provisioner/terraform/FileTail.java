package io.penstock.provisioner.terraform;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads a file that another process appends to, line by line; the file may not be there yet. By a
 * stream, because an interrupt would close a channel.
 */
final class FileTail implements AutoCloseable {
    private final Path file;
    private final byte[] buffer = new byte[16 * 1024];
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private FileInputStream stream;

    FileTail(Path file) {
        this.file = file;
    }

    /** Hands over every line that is complete by now. */
    void readTo(Consumer<String> lines) throws IOException {
        if (stream == null) {
            try {
                stream = new FileInputStream(file.toFile());
            } catch (FileNotFoundException e) {
                return;
            }
        }
        int read;
        while ((read = stream.read(buffer)) > 0) {
            for (int position = 0; position < read; position++) {
                if (buffer[position] == '\n') {
                    readRest(lines);
                } else {
                    partial.write(buffer[position]);
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
        if (stream != null) {
            stream.close();
        }
    }
}
