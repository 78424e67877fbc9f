package io.penstock.broker.handler;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The brokers as this listener's clients reach them. Like Metadata, open to everybody. */
public final class DescribeClusterHandler implements RequestHandler<DescribeClusterRequestData> {

    private static final byte BROKERS = 1;

    private final MetadataCache metadata;
    private final RequestAuthorizer authorizer;

    public DescribeClusterHandler(MetadataCache metadata, RequestAuthorizer authorizer) {
        this.metadata = metadata;
        this.authorizer = authorizer;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_CLUSTER;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, DescribeClusterRequestData request) {
        DescribeClusterResponseData response = new DescribeClusterResponseData();
        response.setEndpointType(request.endpointType());
        if (request.endpointType() != BROKERS) {
            return CompletableFuture.completedFuture(
                    response.setErrorCode(Errors.MISMATCHED_ENDPOINT_TYPE.code())
                            .setErrorMessage("this is a broker; it knows no controller endpoints"));
        }
        ClusterImage image = metadata.current();
        response.setClusterId(image.clusterId()).setControllerId(image.controller().orElse(-1));
        for (BrokerRegistration broker : image.brokers().values()) {
            if (broker.fenced() && !request.includeFencedBrokers()) {
                continue;
            }
            broker.endpoint(context.listener())
                    .map(endpoint -> described(broker, endpoint))
                    .ifPresent(response.brokers()::add);
        }
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(
                    AuthorizedOperations.onCluster(authorizer, context));
        }
        return CompletableFuture.completedFuture(response);
    }

    private static DescribeClusterBroker described(BrokerRegistration broker, Endpoint endpoint) {
        return new DescribeClusterBroker()
                .setBrokerId(broker.id())
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setRack(broker.rack().orElse(null))
                .setIsFenced(broker.fenced());
    }
}
