package io.penstock.broker.handler;

import io.penstock.broker.metadata.MetadataCache;
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
    private final int brokerId;
    private final MetadataCache metadata;

    ApiVersionsHandler(SupportedApis supportedApis, int brokerId, MetadataCache metadata) {
        this.supportedApis = supportedApis;
        this.brokerId = brokerId;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.API_VERSIONS;
    }

    @Override
    public CompletionStage<ApiVersionsResponseData> handle(
            RequestContext context, ApiVersionsRequestData request) {
        ApiVersionsResponseData response = new ApiVersionsResponseData();
        if (context.apiVersion() >= 3 && !isSoftware(request)) {
            response.setErrorCode(Errors.INVALID_REQUEST.code());
        } else if (meansAnotherBroker(request)) {
            response.setErrorCode(Errors.REBOOTSTRAP_REQUIRED.code());
        } else {
            response.setApiKeys(supportedApis.advertised());
        }
        return CompletableFuture.completedFuture(response);
    }

    private static boolean isSoftware(ApiVersionsRequestData request) {
        return SOFTWARE.matcher(request.clientSoftwareName()).matches()
                && SOFTWARE.matcher(request.clientSoftwareVersion()).matches();
    }

    /** KIP-1242: an address may have passed to another cluster or another broker since. */
    private boolean meansAnotherBroker(ApiVersionsRequestData request) {
        String clusterId = metadata.current().clusterId();
        return request.clusterId() != null
                && request.nodeId() >= 0
                && !clusterId.isEmpty()
                && (request.nodeId() != brokerId || !request.clusterId().equals(clusterId));
    }
}
