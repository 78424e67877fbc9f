package io.penstock.launcher.installation;

import io.penstock.launcher.LaunchFailure;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/**
 * Only one command at a time changes an installation. The lock ends with its process, however that
 * ends.
 */
public final class InstallationLock implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final FileChannel channel;

    private InstallationLock(FileChannel channel) {
        this.channel = channel;
    }

    public static InstallationLock acquire(Path home, PrintStream output)
            throws IOException, InterruptedException {
        StateFolder.requireOurs(home);
        var channel =
                FileChannel.open(
                        PrivateFiles.folder(home).resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        var deadline = Instant.now().plus(LIMIT);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            output.println("Another penstock command is at work on " + home + ": waiting for it.");
        }
        while (lock == null) {
            if (Instant.now().isAfter(deadline)) {
                channel.close();
                throw new LaunchFailure(
                        "Another penstock command has been at work on %s for more than %d minutes."
                                .formatted(home, LIMIT.toMinutes()),
                        "Find it with `ps`, and stop it if it hangs.");
            }
            Thread.sleep(PAUSE);
            lock = channel.tryLock();
        }
        return new InstallationLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
