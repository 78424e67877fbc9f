package io.penstock.launcher.controlplane;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.host.TerraformExecutable;
import io.penstock.launcher.installation.FolderDigest;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.installation.PrivateFiles;
import io.penstock.launcher.installation.Trees;
import io.penstock.launcher.pki.InstallationAuthority;
import io.penstock.launcher.postgresql.Databases;
import io.penstock.launcher.process.Component;
import io.penstock.launcher.process.Daemon;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The control plane with the console. It runs on a copy of what was built, named by its digest: a
 * new build must not change the files of a running process, and a running process of another digest
 * is one to replace.
 */
public final class ControlPlane implements Component {
    private static final String APPLICATION = "application-";

    private final Installation installation;
    private final Path folder;
    private final Path built;
    private final Daemon daemon;
    private final InstallationAuthority authority;
    private String digest = "";
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    public ControlPlane(Installation installation) {
        this.installation = installation;
        this.folder = installation.home().resolve("control-plane");
        this.built = installation.checkout().resolve("control-plane/target/quarkus-app");
        this.daemon = new Daemon("control-plane", folder, folder.resolve(APPLICATION).toString());
        this.authority =
                new InstallationAuthority(installation.secrets().folder(), Clock.systemUTC());
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
        var request =
                HttpRequest.newBuilder(URI.create(installation.localUrl() + "/q/health/ready"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean current() {
        return daemon.startedBy(command(), environment());
    }

    @Override
    public void prepare() throws IOException {
        if (!Files.exists(built.resolve("quarkus-run.jar"))) {
            throw new LaunchFailure(
                    "The control plane is not built.", "Build it with ./mvnw package.");
        }
        authority.ensure();
        PrivateFiles.folder(folder);
        if (!Files.exists(application())) {
            var staging = Files.createTempDirectory(folder, ".application-");
            Trees.replicate(built, staging, Trees.Transfer.COPY);
            Files.move(staging, application(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public void start() {
        daemon.start(command(), environment());
    }

    /** Removes the copies of builds that no longer run. */
    @Override
    public void settle() throws IOException {
        try (var entries = Files.list(folder)) {
            for (var entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(APPLICATION)
                        && !entry.equals(application())) {
                    Trees.delete(entry);
                }
            }
        }
    }

    @Override
    public void stop() throws InterruptedException {
        daemon.stop("TERM", Duration.ofSeconds(30));
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(3);
    }

    /** One object serves one command, so that the digest is taken once. */
    private Path application() {
        if (digest.isEmpty()) {
            digest = FolderDigest.of(built);
        }
        return folder.resolve(APPLICATION + digest);
    }

    private List<String> command() {
        return List.of(
                installation.java().toString(),
                "-Xms64m",
                "-Xmx320m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dfile.encoding=UTF-8",
                "-jar",
                application().resolve("quarkus-run.jar").toString());
    }

    private Map<String, String> environment() {
        var settings = installation.settings();
        var secrets = installation.secrets();
        var checkout = installation.checkout();
        var environment = new LinkedHashMap<String, String>();
        environment.put("PENSTOCK_HOME", installation.home().toString());
        environment.put("PENSTOCK_HTTP_HOST", given("PENSTOCK_HTTP_HOST", "127.0.0.1"));
        environment.put("PENSTOCK_HTTP_PORT", Integer.toString(settings.consolePort()));
        environment.put("PENSTOCK_PUBLIC_URL", installation.consoleUrl());
        environment.put("PENSTOCK_ENROLMENT_PORT", Integer.toString(settings.enrolmentPort()));
        environment.put(
                "PENSTOCK_ENROLMENT_URL",
                given("PENSTOCK_ENROLMENT_URL", "https://127.0.0.1:" + settings.enrolmentPort()));
        environment.put(
                "PENSTOCK_TLS_CERTIFICATE",
                given("PENSTOCK_TLS_CERTIFICATE", authority.serverCertificate().toString()));
        environment.put(
                "PENSTOCK_TLS_KEY", given("PENSTOCK_TLS_KEY", authority.serverKey().toString()));
        environment.put(
                "PENSTOCK_TLS_CA",
                given("PENSTOCK_TLS_CA", authority.authorityCertificate().toString()));
        if (installation.ownsPostgresql()) {
            embeddedDatabase(environment);
        } else {
            // The daemon inherits what stands in the environment; the digest must know of it all
            // the same.
            installation
                    .environment()
                    .forEach(
                            (name, value) -> {
                                if (name.startsWith("PENSTOCK_DATABASE_")
                                        || name.equals("PENSTOCK_TERRAFORM_DATABASE_URL")) {
                                    environment.put(name, value);
                                }
                            });
        }
        environment.put(
                "PENSTOCK_TERRAFORM",
                TerraformExecutable.find(installation.environment()).toString());
        environment.put(
                "PENSTOCK_TERRAFORM_MODULES", checkout.resolve("terraform/modules").toString());
        environment.put("PENSTOCK_PLATFORM", given("PENSTOCK_PLATFORM", "local"));
        environment.put("PENSTOCK_LOCAL_RANGE", settings.localRange());
        environment.put("PENSTOCK_JAVA_HOME", installation.javaHome().toString());
        environment.put("PENSTOCK_VERSION", installation.build().version());
        environment.put(
                "PENSTOCK_INSTALLATION_KEY",
                given("PENSTOCK_INSTALLATION_KEY", () -> secrets.key("installation-key")));
        environment.put("PENSTOCK_OIDC_ISSUER", installation.issuer());
        environment.put(
                "PENSTOCK_OIDC_CLIENT_ID", given("PENSTOCK_OIDC_CLIENT_ID", "penstock-console"));
        environment.put(
                "PENSTOCK_OIDC_CLIENT_SECRET",
                given("PENSTOCK_OIDC_CLIENT_SECRET", () -> secrets.password("console-client")));
        environment.put("PENSTOCK_OIDC_AUDIENCE", given("PENSTOCK_OIDC_AUDIENCE", "penstock"));
        return environment;
    }

    private void embeddedDatabase(Map<String, String> environment) {
        var port = installation.settings().postgresqlPort();
        environment.put(
                "PENSTOCK_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, Databases.PENSTOCK));
        role(environment, "OWNER", Databases.OWNER);
        role(environment, "APP", Databases.APP);
        role(environment, "ENGINE", Databases.ENGINE);
        environment.put(
                "PENSTOCK_TERRAFORM_DATABASE_URL",
                "postgres://%s:%s@127.0.0.1:%d/%s?sslmode=disable"
                        .formatted(
                                Databases.TERRAFORM,
                                installation
                                        .secrets()
                                        .password(Databases.secret(Databases.TERRAFORM)),
                                port,
                                Databases.TERRAFORM));
    }

    private void role(Map<String, String> environment, String purpose, String role) {
        environment.put("PENSTOCK_DATABASE_" + purpose, role);
        environment.put(
                "PENSTOCK_DATABASE_" + purpose + "_PASSWORD",
                installation.secrets().password(Databases.secret(role)));
    }

    private String given(String variable, String otherwise) {
        return installation.variable(variable).orElse(otherwise);
    }

    private String given(String variable, Supplier<String> otherwise) {
        return installation.variable(variable).orElseGet(otherwise);
    }
}
