package io.penstock.controlplane.api;

import jakarta.ws.rs.QueryParam;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** How every list is paged, as it stands in the request. */
public class PageParameters {
    @QueryParam("page_size")
    @Parameter(
            schema =
                    @Schema(
                            implementation = Integer.class,
                            minimum = "1",
                            maximum = "200",
                            defaultValue = "50"))
    String size;

    @QueryParam("page_token")
    String token;

    public PageRequest request() {
        return PageRequest.of(size, token);
    }
}
