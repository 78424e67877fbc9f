package io.penstock.controlplane.operations;

import io.quarkus.smallrye.openapi.OpenApiFilter;

import jakarta.ws.rs.core.MediaType;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

import java.util.List;

/**
 * Says in the OpenAPI document what every 202 has: an operation, where it is, when to ask again.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.RUN)
public class AcceptedResponses implements OASFilter {
    @Override
    public Operation filterOperation(Operation operation) {
        var accepted = operation.getResponses().getAPIResponse("202");
        if (accepted != null) {
            var schema = OASFactory.createSchema().ref("#/components/schemas/Operation");
            accepted.addHeader("Operation-Location", header())
                    .addHeader("Retry-After", header())
                    .content(
                            OASFactory.createContent()
                                    .addMediaType(
                                            MediaType.APPLICATION_JSON,
                                            OASFactory.createMediaType().schema(schema)));
        }
        return operation;
    }

    private static Header header() {
        return OASFactory.createHeader()
                .schema(OASFactory.createSchema().type(List.of(SchemaType.STRING)));
    }
}
