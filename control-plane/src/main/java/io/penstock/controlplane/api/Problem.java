package io.penstock.controlplane.api;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

/** An error as RFC 9457 describes it, with a stable {@code code} for programs. */
@Schema(
        requiredProperties = {
            "type",
            "title",
            "status",
            "detail",
            "code",
            "errors",
            "request_id",
            "retryable"
        })
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        List<FieldError> errors,
        String requestId,
        boolean retryable,
        @JsonInclude(JsonInclude.Include.NON_NULL) String operationId) {

    /**
     * One field at fault.
     *
     * @param pointer JSON pointer (RFC 6901) into the body, or the name of a query parameter or
     *     header after a slash
     */
    @Schema(requiredProperties = {"pointer", "detail"})
    public record FieldError(String pointer, String detail) {}
}
