package io.penstock.broker.handler;

import io.penstock.broker.network.RequestContext;
import io.penstock.broker.protocol.SupportedApis;

import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Tells which APIs are served, to anybody, before authentication too. */
final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequestData> {

    /** KIP-511: names and versions of client software. */
    private static final Pattern SOFTWARE =
            Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private final SupportedApis supportedApis;

    ApiVersionsHandler(SupportedApis supportedApis) {
        this.supportedApis = supportedApis;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.API_VERSIONS;
    }

    @Override
    public CompletionStage<ApiVersionsResponseData> handle(
            RequestContext context, ApiVersionsRequestData request) {
        ApiVersionsResponseData response = new ApiVersionsResponseData();
        boolean valid =
                context.apiVersion() < 3
                        || (SOFTWARE.matcher(request.clientSoftwareName()).matches()
                                && SOFTWARE.matcher(request.clientSoftwareVersion()).matches());
        if (valid) {
            response.setApiKeys(supportedApis.advertised());
        } else {
            response.setErrorCode(Errors.INVALID_REQUEST.code());
        }
        return CompletableFuture.completedFuture(response);
    }
}
