package io.penstock.launcher;

import io.penstock.launcher.command.Down;
import io.penstock.launcher.command.Logs;
import io.penstock.launcher.command.Reset;
import io.penstock.launcher.command.Status;
import io.penstock.launcher.command.Token;
import io.penstock.launcher.command.Up;
import io.penstock.launcher.demo.Demo;
import io.penstock.launcher.host.ListeningSockets;
import io.penstock.launcher.installation.BuildInformation;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.installation.Secrets;
import io.penstock.launcher.installation.Settings;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Entry point of the commands that the script {@code penstock} hands over. The script sets the
 * system properties {@code penstock.checkout}, {@code penstock.home} and {@code penstock.terminal}.
 *
 * <p>Exit status: 0 done, 1 failed with a reason on standard error, 2 wrong usage.
 */
public final class Launcher {
    private Launcher() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) {
        try {
            return dispatch(arguments);
        } catch (LaunchFailure failure) {
            System.err.println("penstock: " + failure.getMessage());
            System.err.println(failure.advice());
            return 1;
        } catch (InterruptedException e) {
            System.err.println("penstock: interrupted");
            return 130;
        } catch (FileSystemException e) {
            return failedOn(e);
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof FileSystemException file
                    ? failedOn(file)
                    : unexpected(e);
        } catch (Exception e) {
            return unexpected(e);
        }
    }

    /** A read-only folder, a full disk, a file where a folder should be. */
    private static int failedOn(FileSystemException e) {
        var reason =
                switch (e) {
                    case AccessDeniedException denied -> "permission denied";
                    case NoSuchFileException missing -> "it is not there";
                    case FileAlreadyExistsException present -> "it is no folder";
                    case NotDirectoryException file -> "it is no folder";
                    default -> e.getReason() == null ? e.toString() : e.getReason();
                };
        System.err.println("penstock: " + e.getFile() + ": " + reason);
        System.err.println(
                "Check who may write there and that the disk has space, or choose another state folder"
                        + " with PENSTOCK_HOME.");
        return 1;
    }

    private static int unexpected(Exception e) {
        System.err.println("penstock: this should not have happened: " + e);
        e.printStackTrace();
        return 1;
    }

    private static int dispatch(List<String> arguments) throws Exception {
        var installation = installation(System.getenv());
        var command = arguments.getFirst();
        var rest = arguments.subList(1, arguments.size());
        switch (command) {
            case "up" -> new Up(installation, System.out).run();
            case "down" -> new Down(installation, System.out).run();
            case "reset" -> new Reset(installation, System.out).run();
            case "status" -> {
                var status = new Status(installation, System.out);
                if (rest.contains("--json")) {
                    status.printJson();
                } else {
                    status.print();
                }
            }
            case "logs" -> {
                var logs = new Logs(installation, System.out);
                if (rest.isEmpty()) {
                    logs.printAll();
                } else {
                    logs.print(rest.getFirst());
                }
            }
            case "token" ->
                    System.out.println(
                            Token.of(installation, rest.isEmpty() ? "alice" : rest.getFirst()));
            case "demo" -> {
                var json = rest.contains("--json");
                // With --json standard output carries the result alone.
                var progress = json ? System.err : System.out;
                new Up(installation, progress).run();
                new Demo(installation, progress, json).run();
            }
            default -> {
                System.err.println("penstock: there is no command '" + command + "'");
                return 2;
            }
        }
        return 0;
    }

    private static Installation installation(Map<String, String> environment) {
        var home = Path.of(System.getProperty("penstock.home")).toAbsolutePath().normalize();
        var checkout =
                Path.of(System.getProperty("penstock.checkout")).toAbsolutePath().normalize();
        return new Installation(
                home,
                checkout,
                Path.of(System.getProperty("java.home")),
                Settings.resolve(
                        home, checkout, environment, ListeningSockets.busyLoopbackRanges()),
                new Secrets(home.resolve("secrets")),
                BuildInformation.load(),
                environment);
    }
}
