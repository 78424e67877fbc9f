package io.penstock.controlplane.platform;

import io.penstock.controlplane.installation.PenstockConfiguration;
import io.penstock.controlplane.operations.OperationCancelled;
import io.penstock.controlplane.operations.StepProgress;
import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.pki.EnrolmentToken;
import io.penstock.provisioner.pki.Pem;
import io.penstock.provisioner.terraform.PlatformInput;
import io.penstock.provisioner.terraform.TerraformEvent;
import io.penstock.provisioner.terraform.TerraformFailedException;
import io.penstock.provisioner.terraform.TerraformSettings;
import io.penstock.provisioner.terraform.TerraformWorkspace;

import jakarta.enterprise.context.ApplicationScoped;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The infrastructure as Terraform makes it, with the module of this installation's platform. */
@ApplicationScoped
public class TerraformInfrastructure implements Infrastructure {
    private static final Duration APPLY_LIMIT = Duration.ofMinutes(10);
    private static final Duration CANCEL_CHECK = Duration.ofMillis(500);

    private final PenstockConfiguration configuration;

    TerraformInfrastructure(PenstockConfiguration configuration) {
        this.configuration = configuration;
    }

    private interface Run {
        void now() throws TerraformFailedException, InterruptedException;
    }

    @Override
    public void apply(
            ClusterLayout layout, Map<String, EnrolmentToken> tokens, StepProgress progress)
            throws InterruptedException {
        var input =
                new PlatformInput(
                        layout, tokens, enrolmentUrl(), authorityFingerprint(), javaHome());
        var workspace = new TerraformWorkspace(settings(), layout.clusterId());
        untilCancelled(
                progress,
                () -> workspace.apply(input, progress.epoch(), event -> tell(progress, event)));
    }

    @Override
    public void destroy(String clusterId, StepProgress progress) throws InterruptedException {
        var workspace = new TerraformWorkspace(settings(), clusterId);
        untilCancelled(
                progress,
                () -> workspace.destroy(progress.epoch(), event -> tell(progress, event)));
    }

    /**
     * An interrupt is how a run is told to stop in an orderly way; a cancelled one is interrupted.
     */
    private static void untilCancelled(StepProgress progress, Run run) throws InterruptedException {
        var worker = Thread.currentThread();
        var cancelled = new AtomicBoolean();
        var ended = new AtomicBoolean();
        var watch =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        while (!ended.get()) {
                                            TimeUnit.MILLISECONDS.sleep(CANCEL_CHECK.toMillis());
                                            if (!ended.get() && progress.isCancelled()) {
                                                cancelled.set(true);
                                                worker.interrupt();
                                                return;
                                            }
                                        }
                                    } catch (InterruptedException done) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        try {
            run.now();
        } catch (InterruptedException e) {
            if (!cancelled.get()) {
                throw e;
            }
        } catch (TerraformFailedException e) {
            if (!cancelled.get()) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        } finally {
            ended.set(true);
            watch.interrupt();
        }
        if (cancelled.get()) {
            watch.join();
            Thread.interrupted();
            throw new OperationCancelled();
        }
    }

    private static void tell(StepProgress progress, TerraformEvent event) {
        line(event).ifPresent(progress::log);
    }

    /** What a tenant wants to read of a run: neither plans of nothing nor ticks. */
    private static Optional<String> line(TerraformEvent event) {
        return switch (event) {
            case TerraformEvent.Started started -> Optional.of(started.message());
            case TerraformEvent.Completed completed -> Optional.of(completed.message());
            case TerraformEvent.Failed failed -> Optional.of(failed.message());
            case TerraformEvent.Diagnostic diagnostic -> Optional.of(diagnostic.message());
            case TerraformEvent.Summary summary -> Optional.of(summary.message());
            case TerraformEvent.DriverOutput output -> Optional.of(output.message());
            case TerraformEvent.Planned planned -> Optional.empty();
            case TerraformEvent.Progress tick -> Optional.empty();
            case TerraformEvent.Message message -> Optional.empty();
        };
    }

    private TerraformSettings settings() {
        return new TerraformSettings(
                configuration.terraformExecutable(),
                required(configuration.terraformModules(), "PENSTOCK_TERRAFORM_MODULES"),
                configuration.platform(),
                required(configuration.terraformDatabaseUrl(), "PENSTOCK_TERRAFORM_DATABASE_URL"),
                configuration.home(),
                APPLY_LIMIT);
    }

    private String enrolmentUrl() {
        return required(configuration.enrolment().url(), "PENSTOCK_ENROLMENT_URL")
                + EnrolmentServer.PATH;
    }

    private Path javaHome() {
        return configuration.javaHome().orElseGet(() -> Path.of(System.getProperty("java.home")));
    }

    private String authorityFingerprint() {
        var file = required(configuration.tls().ca(), "PENSTOCK_TLS_CA");
        try {
            var der = Pem.certificate(Files.readString(file)).getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read PENSTOCK_TLS_CA", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("PENSTOCK_TLS_CA is not a certificate", e);
        }
    }

    private static <T> T required(Optional<T> setting, String name) {
        return setting.orElseThrow(() -> new IllegalStateException(name + " is not set"));
    }
}
