package io.penstock.launcher.postgresql;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.installation.PrivateFiles;
import io.penstock.launcher.installation.Trees;
import io.penstock.launcher.process.Component;
import io.penstock.launcher.process.Daemon;
import io.penstock.launcher.process.ProcessTable;
import io.penstock.launcher.process.Waiting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * The embedded PostgreSQL: listens on 127.0.0.1 only and asks everybody for a SCRAM password, its
 * superuser too.
 *
 * <p>PostgreSQL refuses to run as root. For root it therefore starts in a user namespace without
 * any mapping, where its user id is the overflow id; the kernel still lets it own root's files.
 */
public final class Postgresql implements Component {
    private static final String SUPERUSER = "postgres";

    /** The longest path of a Unix socket, less {@code /.s.PGSQL.65535} and the terminating zero. */
    private static final int LONGEST_SOCKET_FOLDER = 107 - 15;

    private final Installation installation;
    private final Path folder;
    private final Path data;
    private final PostgresqlBinaries binaries;
    private final Daemon daemon;

    public Postgresql(Installation installation) {
        this.installation = installation;
        this.folder = installation.home().resolve("postgresql");
        this.data = folder.resolve("data");
        this.binaries =
                new PostgresqlBinaries(
                        folder.resolve("binaries-" + installation.build().postgresqlVersion()));
        this.daemon = new Daemon("postgresql", folder, data.toString());
    }

    @Override
    public String name() {
        return daemon.name();
    }

    @Override
    public Optional<Long> pid() {
        return daemon.pid();
    }

    @Override
    public Path log() {
        return daemon.log();
    }

    @Override
    public boolean healthy() {
        try (var connection = connect(SUPERUSER, SUPERUSER, "postgresql-superuser");
                var statement = connection.createStatement()) {
            return statement.execute("select 1");
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public boolean current() {
        return daemon.startedBy(command(), Map.of());
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        PrivateFiles.folder(folder);
        PrivateFiles.folder(folder.resolve("run"));
        binaries.unpack();
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            initialize();
        }
        removeStaleLocks();
    }

    @Override
    public void start() {
        daemon.start(command(), Map.of());
    }

    @Override
    public void settle() throws SQLException {
        new Databases(this, installation.secrets()).ensure();
    }

    /**
     * SIGINT is PostgreSQL's fast shutdown: it ends the sessions that are left, and writes a
     * checkpoint.
     */
    @Override
    public void stop() throws InterruptedException {
        daemon.stop("INT", Duration.ofSeconds(60));
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(3);
    }

    public int port() {
        return installation.settings().postgresqlPort();
    }

    Connection connect(String database, String user, String secret) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", installation.secrets().password(secret));
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("sslmode", "disable");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port() + "/" + database, properties);
    }

    Connection connectAsSuperuser(String database) throws SQLException {
        return connect(database, SUPERUSER, "postgresql-superuser");
    }

    private List<String> command() {
        var command = new ArrayList<>(asOrdinaryUser());
        command.addAll(List.of(binaries.program("postgres").toString(), "-D", data.toString()));
        var run = folder.resolve("run").toString();
        var settings =
                List.of(
                        "listen_addresses=127.0.0.1",
                        "port=" + port(),
                        "unix_socket_directories="
                                + (run.length() <= LONGEST_SOCKET_FOLDER ? run : ""),
                        "unix_socket_permissions=0700",
                        "max_connections=120",
                        "shared_buffers=64MB",
                        "maintenance_work_mem=32MB",
                        "max_wal_size=256MB",
                        "min_wal_size=64MB",
                        "max_parallel_workers=2",
                        "io_workers=1",
                        "autovacuum_worker_slots=2",
                        "autovacuum_max_workers=2",
                        "password_encryption=scram-sha-256",
                        "log_line_prefix=%m [%p] %q%u@%d ",
                        "timezone=UTC",
                        "log_timezone=UTC");
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        return command;
    }

    private void initialize() throws IOException, InterruptedException {
        // What is there without PG_VERSION is an initdb that was interrupted: it holds no data yet.
        var staging = folder.resolve("data.new");
        Trees.delete(staging);
        Trees.delete(data);
        installation.secrets().password("postgresql-superuser");
        var command = new ArrayList<>(asOrdinaryUser());
        command.addAll(
                List.of(
                        binaries.program("initdb").toString(),
                        "--pgdata=" + staging,
                        "--username=" + SUPERUSER,
                        "--pwfile=" + installation.secrets().file("postgresql-superuser"),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--data-checksums"));
        PrivateFiles.folder(log().getParent());
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                        .start();
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new LaunchFailure(
                    "PostgreSQL's data folder could not be initialized.",
                    "See "
                            + log()
                            + ". As root this needs user namespaces (`unshare -U true` must work); else run as an"
                            + " ordinary user.");
        }
        Files.move(staging, data);
    }

    /**
     * PostgreSQL's own lock files name a pid. After a reboot that may belong to another program,
     * and a killed postmaster may stay a zombie: both look alive to PostgreSQL. The locks go once
     * no process of it is left, its children included.
     */
    private void removeStaleLocks() throws IOException, InterruptedException {
        if (daemon.pid().isPresent()) {
            return;
        }
        if (!Waiting.until(Duration.ofSeconds(20), () -> ProcessTable.workingIn(data).isEmpty())) {
            throw new LaunchFailure(
                    "Processes of a PostgreSQL that was killed still use %s: %s."
                            .formatted(data, ProcessTable.workingIn(data)),
                    "End them, then try again.");
        }
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        var run = folder.resolve("run");
        try (var sockets = Files.list(run)) {
            for (var socket : sockets.toList()) {
                Files.delete(socket);
            }
        }
    }

    private static List<String> asOrdinaryUser() {
        return "root".equals(System.getProperty("user.name"))
                ? List.of("unshare", "-U")
                : List.of();
    }
}
