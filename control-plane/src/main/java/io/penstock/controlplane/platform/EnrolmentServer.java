package io.penstock.controlplane.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.controlplane.api.Problem;
import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.api.StrictJsonReader;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The HTTPS listener of nodes that enrol. Nothing else is served here, and enrolment nowhere else.
 */
@ApplicationScoped
public class EnrolmentServer {
    static final String PATH = "/enrol/v1/nodes";
    private static final Logger LOG = Logger.getLogger(EnrolmentServer.class);
    private static final long LONGEST_BODY = 32 * 1024;
    private static final int IDLE_SECONDS = 30;

    private final Vertx vertx;
    private final Enrolment enrolment;
    private final ObjectMapper json;
    private final PenstockConfiguration configuration;
    private HttpServer server;

    private record Answer(int status, String type, String body) {}

    EnrolmentServer(
            Vertx vertx,
            Enrolment enrolment,
            ObjectMapper json,
            PenstockConfiguration configuration) {
        this.vertx = vertx;
        this.enrolment = enrolment;
        this.json = json;
        this.configuration = configuration;
    }

    void start(@Observes @Priority(1000) StartupEvent event) {
        var tls = configuration.tls();
        if (tls.certificate().isEmpty() || tls.key().isEmpty()) {
            LOG.warn("No PENSTOCK_TLS_CERTIFICATE and PENSTOCK_TLS_KEY: nodes cannot enrol");
            return;
        }
        var options =
                new HttpServerOptions()
                        .setHost(configuration.httpHost())
                        .setPort(configuration.enrolment().port())
                        .setIdleTimeout(IDLE_SECONDS)
                        .setSsl(true)
                        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                        .setKeyCertOptions(
                                new PemKeyCertOptions()
                                        .setCertPath(tls.certificate().get().toString())
                                        .setKeyPath(tls.key().get().toString()));
        var router = Router.router(vertx);
        router.post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY))
                .handler(this::enrol);
        server = vertx.createHttpServer(options).requestHandler(router);
        server.listen()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        LOG.infof("Nodes enrol at port %d", server.actualPort());
    }

    void stop(@Observes ShutdownEvent event) {
        if (server != null) {
            server.close();
        }
    }

    public int port() {
        return server.actualPort();
    }

    private void enrol(RoutingContext context) {
        var body = context.body().buffer();
        Callable<Answer> work = () -> answer(body);
        vertx.executeBlocking(work, false)
                .onSuccess(
                        answer ->
                                context.response()
                                        .setStatusCode(answer.status())
                                        .putHeader("Content-Type", answer.type())
                                        .end(answer.body()))
                .onFailure(context::fail);
    }

    private Answer answer(Buffer body) throws IOException {
        try {
            var bytes = body == null ? new byte[0] : body.getBytes();
            var request =
                    StrictJsonReader.read(new ByteArrayInputStream(bytes), Enrolment.Request.class);
            return new Answer(
                    200, "application/json", json.writeValueAsString(enrolment.enrol(request)));
        } catch (ProblemException e) {
            LOG.infof("Refused an enrolment: %s", e.getMessage());
            return problem(e.status(), e.code(), e.getMessage(), e.errors(), e.isRetryable());
        } catch (RuntimeException e) {
            LOG.error("An enrolment failed", e);
            return problem(500, "internal", "Something went wrong here", List.of(), true);
        }
    }

    private Answer problem(
            int status,
            String code,
            String detail,
            List<Problem.FieldError> errors,
            boolean retryable)
            throws JsonProcessingException {
        var problem =
                new Problem(
                        "about:blank",
                        "Enrolment refused",
                        status,
                        detail,
                        code,
                        errors,
                        UUID.randomUUID().toString(),
                        retryable,
                        null);
        return new Answer(status, "application/problem+json", json.writeValueAsString(problem));
    }
}
