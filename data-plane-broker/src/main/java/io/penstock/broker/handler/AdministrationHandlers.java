package io.penstock.broker.handler;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.security.RequestAuthorizer;

import java.util.List;
import java.util.Map;

/** All handlers about metadata and administration. */
public final class AdministrationHandlers {

    private AdministrationHandlers() {}

    /**
     * @param aclsEnabled whether an authorizer is configured
     * @param brokerProperties as written in this broker's file
     */
    public static List<RequestHandler<?>> all(
            MetadataCache metadata,
            ControllerChannel controller,
            RequestAuthorizer authorizer,
            int brokerId,
            boolean autoCreateTopics,
            boolean aclsEnabled,
            Map<String, String> brokerProperties) {
        return List.of(
                new MetadataHandler(metadata, controller, authorizer, autoCreateTopics),
                new DescribeClusterHandler(metadata, authorizer),
                new DescribeTopicPartitionsHandler(metadata, authorizer),
                new CreateTopicsHandler(controller, authorizer),
                new DeleteTopicsHandler(metadata, controller, authorizer),
                new CreatePartitionsHandler(controller, authorizer),
                new ElectLeadersHandler(controller, authorizer),
                new AlterPartitionReassignmentsHandler(controller, authorizer),
                new ListPartitionReassignmentsHandler(controller, authorizer),
                new DescribeConfigsHandler(metadata, authorizer, brokerId, brokerProperties),
                new IncrementalAlterConfigsHandler(controller, authorizer),
                new AlterConfigsHandler(controller, authorizer),
                new CreateAclsHandler(controller, authorizer),
                new DescribeAclsHandler(metadata, authorizer, aclsEnabled),
                new DeleteAclsHandler(controller, authorizer),
                new DescribeUserScramCredentialsHandler(metadata, authorizer),
                new AlterUserScramCredentialsHandler(controller, authorizer));
    }
}
