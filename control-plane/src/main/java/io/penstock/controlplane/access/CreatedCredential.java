package io.penstock.controlplane.access;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.time.Instant;

/** A credential with its password, which is answered here and never again. */
@Schema(
        requiredProperties = {
            "id",
            "principal",
            "preset",
            "prefix",
            "mechanism",
            "username",
            "password",
            "created_at"
        })
public record CreatedCredential(
        String id,
        String principal,
        Preset preset,
        String prefix,
        @Schema(enumeration = {"SCRAM-SHA-512"}) String mechanism,
        String username,
        String password,
        Instant createdAt) {

    @Override
    public String toString() {
        return "CreatedCredential[" + id + "]";
    }
}
