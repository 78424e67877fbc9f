package io.penstock.controlplane.access;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

@Schema(requiredProperties = {"preset"})
public record NewCredential(
        Preset preset,
        @Schema(
                        maxLength = 249,
                        description =
                                "Prefix of topics, groups and transactional ids; empty or absent:"
                                        + " all")
                String prefix) {}
