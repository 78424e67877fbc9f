package io.penstock.controlplane.platform;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of {@code docs/contracts.md} that are ours; the environment's names in lower case.
 */
@ConfigMapping(prefix = "penstock")
public interface PenstockConfiguration {
    /** State folder, absolute. */
    Path home();

    /** URL that browsers use, without a slash at the end. */
    @WithDefault("http://127.0.0.1:8080")
    String publicUrl();

    /** 32 bytes in base64: encrypts what the database must hold, signs sessions. */
    String installationKey();

    /** Address that the console, the API and enrolment listen on. */
    @WithDefault("127.0.0.1")
    String httpHost();

    /** What Prometheus sends to read the service's own metrics; none, and nobody reads them. */
    Optional<String> metricsToken();

    @WithDefault("local")
    String platform();

    /** Image version of new clusters. */
    @WithDefault("0.1.0")
    String version();

    @WithDefault("127.77.0.0/16")
    String localRange();

    Optional<Path> javaHome();

    Database database();

    Enrolment enrolment();

    /** Terraform or OpenTofu; looked up in the PATH if it is a bare name. */
    @WithName("terraform")
    @WithDefault("terraform")
    String terraformExecutable();

    /** Folder with {@code platform-*}. */
    @WithName("terraform-modules")
    Optional<Path> terraformModules();

    /** Of Terraform's state: a secret. */
    @WithName("terraform-database-url")
    Optional<String> terraformDatabaseUrl();

    Tls tls();

    Engine engine();

    interface Database {
        String url();

        String engine();

        String enginePassword();
    }

    interface Enrolment {
        @WithDefault("8443")
        int port();

        Optional<String> url();
    }

    /** PEM files of the enrolment port; nodes pin the CA. */
    interface Tls {
        Optional<Path> certificate();

        Optional<Path> key();

        Optional<Path> ca();
    }

    /** How operations run. A replica that misses four heartbeats is dead. */
    interface Engine {
        @WithDefault("true")
        boolean enabled();

        @WithDefault("1s")
        Duration heartbeat();

        @WithDefault("3s")
        Duration healthInterval();

        /** First pause before a failed step is tried again; doubles each time. */
        @WithDefault("1s")
        Duration retryPause();

        @WithDefault("5")
        int attempts();
    }
}
