package io.penstock.controlplane.access;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.time.Instant;

@Schema(
        requiredProperties = {
            "id",
            "principal",
            "preset",
            "prefix",
            "mechanism",
            "username",
            "created_at"
        })
public record Credential(
        String id,
        String principal,
        Preset preset,
        String prefix,
        @Schema(enumeration = {"SCRAM-SHA-512"}) String mechanism,
        String username,
        Instant createdAt) {}
