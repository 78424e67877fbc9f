package io.penstock.controlplane.clusters;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

import java.util.List;

@Schema(requiredProperties = {"bootstrap", "ca_certificate_pem"})
public record Endpoints(List<Bootstrap> bootstrap, String caCertificatePem) {

    @Schema(requiredProperties = {"authentication", "protocol", "servers"})
    public record Bootstrap(
            @Schema(enumeration = {"scram-sha-512"}) String authentication,
            @Schema(enumeration = {"SASL_SSL"}) String protocol,
            @Schema(description = "host:port,… as clients take it") String servers) {}
}
