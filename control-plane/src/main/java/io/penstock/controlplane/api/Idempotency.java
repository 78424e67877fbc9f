package io.penstock.controlplane.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.penstock.controlplane.api.Problem.FieldError;
import io.quarkus.narayana.jta.QuarkusTransaction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import java.sql.SQLException;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Runs a write once for each Idempotency-Key of a caller. The key, what the write does and its
 * answer commit in one transaction; a second request with the key waits a moment for the first on
 * the key's row, then gets its answer. What was refused is not kept.
 */
@ApplicationScoped
public class Idempotency {
    public static final String HEADER = "Idempotency-Key";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");

    /** PostgreSQL's state when a lock's timeout is over. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Requester caller;
    private final EntityManager entities;
    private final ObjectMapper json;

    Idempotency(Requester caller, EntityManager entities, ObjectMapper json) {
        this.caller = caller;
        this.entities = entities;
        this.json = json;
    }

    public Response answer(IdempotentCall call, String key, Supplier<Answer> write) {
        if (key == null) {
            return QuarkusTransaction.requiringNew().call(() -> write.get().toResponse());
        }
        requireKey(key);
        return QuarkusTransaction.requiringNew().call(() -> once(call, key, write));
    }

    /**
     * The same for a write that calls another system, which no transaction may wait for: the key is
     * reserved before the call and the answer stored after it. A request with the key meanwhile is
     * refused for now; a reservation that outlived every call belongs to a process that died, and
     * is taken over.
     */
    public Response answerRemote(IdempotentCall call, String key, Supplier<Answer> write) {
        if (key == null) {
            return write.get().toResponse();
        }
        requireKey(key);
        var hash = Digests.sha256(write(call.content()));
        var earlier =
                QuarkusTransaction.requiringNew()
                        .call(
                                () ->
                                        reserve(call, key, hash) || takeOver(call, key, hash)
                                                ? null
                                                : repeat(call, key, hash));
        if (earlier != null) {
            return earlier;
        }
        var done = false;
        try {
            var answer = write.get();
            QuarkusTransaction.requiringNew().run(() -> store(call, key, answer));
            done = true;
            return answer.toResponse();
        } finally {
            if (!done) {
                QuarkusTransaction.requiringNew().run(() -> forget(call, key));
            }
        }
    }

    private Response once(IdempotentCall call, String key, Supplier<Answer> write) {
        var hash = Digests.sha256(write(call.content()));
        if (!reserve(call, key, hash)) {
            return repeat(call, key, hash);
        }
        var answer = write.get();
        store(call, key, answer);
        return answer.toResponse();
    }

    private static void requireKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw ProblemException.invalid(
                    "/" + HEADER, HEADER + " must be 1 to 128 visible characters");
        }
    }

    private void store(IdempotentCall call, String key, Answer answer) {
        entities.createNativeQuery(
                        "update idempotency set status = ?1, headers = ?2, body = ?3"
                                + " where caller = ?4 and method = ?5 and path = ?6 and key = ?7")
                .setParameter(1, answer.status())
                .setParameter(2, write(answer.headers()))
                .setParameter(3, answer.stored() == null ? null : write(answer.stored()))
                .setParameter(4, caller.subject())
                .setParameter(5, call.method())
                .setParameter(6, call.path())
                .setParameter(7, key)
                .executeUpdate();
    }

    private void forget(IdempotentCall call, String key) {
        entities.createNativeQuery(
                        "delete from idempotency"
                                + " where caller = ?1 and method = ?2 and path = ?3 and key = ?4 and status is null")
                .setParameter(1, caller.subject())
                .setParameter(2, call.method())
                .setParameter(3, call.path())
                .setParameter(4, key)
                .executeUpdate();
    }

    private boolean takeOver(IdempotentCall call, String key, String hash) {
        return entities.createNativeQuery(
                                "update idempotency set created_at = now()"
                                        + " where caller = ?1 and method = ?2 and path = ?3 and key = ?4"
                                        + " and request_hash = ?5 and status is null"
                                        + " and created_at < now() - interval '1 minute'")
                        .setParameter(1, caller.subject())
                        .setParameter(2, call.method())
                        .setParameter(3, call.path())
                        .setParameter(4, key)
                        .setParameter(5, hash)
                        .executeUpdate()
                == 1;
    }

    /** Waits for another transaction that holds the key, up to the lock's timeout. */
    private boolean reserve(IdempotentCall call, String key, String hash) {
        try {
            entities.createNativeQuery("select set_config('lock_timeout', '5s', true)")
                    .getSingleResult();
            var inserted =
                    entities.createNativeQuery(
                                    "insert into idempotency (tenant, caller, method, path, key, request_hash)"
                                            + " values (?1, ?2, ?3, ?4, ?5, ?6) on conflict do nothing")
                            .setParameter(1, caller.tenant())
                            .setParameter(2, caller.subject())
                            .setParameter(3, call.method())
                            .setParameter(4, call.path())
                            .setParameter(5, key)
                            .setParameter(6, hash)
                            .executeUpdate();
            return inserted == 1;
        } catch (PersistenceException e) {
            throw isLockTimeout(e) ? stillRunning() : e;
        }
    }

    private static boolean isLockTimeout(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException database
                    && LOCK_NOT_AVAILABLE.equals(database.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static ProblemException stillRunning() {
        return ProblemException.retryable(
                409,
                "request_in_progress",
                "A request with this Idempotency-Key is being answered");
    }

    private Response repeat(IdempotentCall call, String key, String hash) {
        var row =
                (Object[])
                        entities.createNativeQuery(
                                        "select request_hash, status, headers, body from idempotency"
                                                + " where caller = ?1 and method = ?2 and path = ?3 and key = ?4")
                                .setParameter(1, caller.subject())
                                .setParameter(2, call.method())
                                .setParameter(3, call.path())
                                .setParameter(4, key)
                                .getSingleResult();
        if (!hash.equals(row[0])) {
            throw ProblemException.of(
                    422,
                    "idempotency_key_reused",
                    new FieldError(
                            "/" + HEADER,
                            "This Idempotency-Key was sent with another request before"));
        }
        if (row[1] == null) {
            throw stillRunning();
        }
        if (row[3] == null) {
            throw ProblemException.conflict(
                    "secret_already_answered",
                    "This was done before; its secret was answered that once. Delete it and make another");
        }
        var response =
                Response.status((Integer) row[1]).entity(row[3]).type(MediaType.APPLICATION_JSON);
        read((String) row[2]).forEach(response::header);
        return response.build();
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer must have a JSON form", e);
        }
    }

    private Map<String, String> read(String headers) {
        try {
            return json.readValue(headers, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Stored headers cannot be read", e);
        }
    }
}
