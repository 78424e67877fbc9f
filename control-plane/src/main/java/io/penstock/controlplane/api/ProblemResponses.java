package io.penstock.controlplane.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;

import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;

/** Says in the OpenAPI document that every operation may end with a problem. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.RUN)
public class ProblemResponses implements OASFilter {
    @Override
    public Operation filterOperation(Operation operation) {
        var schema = OASFactory.createSchema().ref("#/components/schemas/Problem");
        var content =
                OASFactory.createContent()
                        .addMediaType(
                                ProblemMappers.MEDIA_TYPE,
                                OASFactory.createMediaType().schema(schema));
        var responses = operation.getResponses();
        for (var status : new String[] {"400", "401", "403"}) {
            responses.removeAPIResponse(status);
        }
        responses.setDefaultValue(
                OASFactory.createAPIResponse()
                        .description("A problem (RFC 9457)")
                        .content(content));
        return operation;
    }
}
