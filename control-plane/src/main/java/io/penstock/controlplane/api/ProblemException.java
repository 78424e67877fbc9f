package io.penstock.controlplane.api;

import io.penstock.controlplane.api.Problem.FieldError;

import java.util.List;

/** Ends a request with a problem. Its detail is read by the caller: no secrets, no internals. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient List<FieldError> errors;
    private final boolean retryable;

    private ProblemException(
            int status, String code, String detail, List<FieldError> errors, boolean retryable) {
        super(detail);
        this.status = status;
        this.code = code;
        this.errors = List.copyOf(errors);
        this.retryable = retryable;
    }

    public static ProblemException invalid(List<FieldError> errors) {
        var detail =
                errors.size() == 1
                        ? errors.getFirst().detail()
                        : errors.size() + " fields are not valid";
        return new ProblemException(400, "invalid_request", detail, errors, false);
    }

    public static ProblemException invalid(String pointer, String detail) {
        return invalid(List.of(new FieldError(pointer, detail)));
    }

    public static ProblemException malformed(String detail) {
        return new ProblemException(
                400, "malformed_json", detail, List.of(new FieldError("", detail)), false);
    }

    public static ProblemException forbidden(String code, String detail) {
        return new ProblemException(403, code, detail, List.of(), false);
    }

    public static ProblemException notFound(String noun) {
        return new ProblemException(404, "not_found", "No such " + noun, List.of(), false);
    }

    public static ProblemException conflict(String code, String detail) {
        return new ProblemException(409, code, detail, List.of(), false);
    }

    public static ProblemException conflict(String code, String detail, FieldError error) {
        return new ProblemException(409, code, detail, List.of(error), false);
    }

    /** A field, parameter or header is at fault, and neither 400 nor 409 says it best. */
    public static ProblemException of(int status, String code, FieldError error) {
        return new ProblemException(status, code, error.detail(), List.of(error), false);
    }

    public static ProblemException retryable(int status, String code, String detail) {
        return new ProblemException(status, code, detail, List.of(), true);
    }

    public static ProblemException of(int status, String code, String detail) {
        return new ProblemException(status, code, detail, List.of(), false);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public List<FieldError> errors() {
        return errors == null ? List.of() : errors;
    }

    public boolean isRetryable() {
        return retryable;
    }
}
