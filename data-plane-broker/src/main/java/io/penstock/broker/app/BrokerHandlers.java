package io.penstock.broker.app;

import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.controller.ClusterMembership;
import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.handler.CreatePartitionsHandler;
import io.penstock.broker.handler.CreateTopicsHandler;
import io.penstock.broker.handler.DeleteTopicsHandler;
import io.penstock.broker.handler.DescribeClusterHandler;
import io.penstock.broker.handler.GroupHandlers;
import io.penstock.broker.handler.MetadataHandler;
import io.penstock.broker.handler.MeteredHandler;
import io.penstock.broker.handler.RequestHandler;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.network.EventLoops;
import io.penstock.broker.replication.LocalPartitions;
import io.penstock.broker.security.RequestAuthorizer;

import java.util.ArrayList;
import java.util.List;

/** Everything that this broker answers. */
final class BrokerHandlers {

    private BrokerHandlers() {}

    static List<RequestHandler<?>> all(
            BrokerConfig config,
            ClusterMembership membership,
            LocalPartitions partitions,
            RequestAuthorizer authorizer,
            GroupCoordination coordination,
            EventLoops loops,
            TrafficMetrics traffic) {
        List<RequestHandler<?>> handlers = new ArrayList<>();
        handlers.addAll(GroupHandlers.of(coordination, membership.metadata(), authorizer));
        handlers.addAll(administration(config, membership, authorizer));
        return handlers.stream()
                .<RequestHandler<?>>map(handler -> MeteredHandler.of(handler, traffic))
                .toList();
    }

    private static List<RequestHandler<?>> administration(
            BrokerConfig config, ClusterMembership membership, RequestAuthorizer authorizer) {
        MetadataCache metadata = membership.metadata();
        ControllerChannel controller = membership.controller();
        return List.of(
                new MetadataHandler(
                        metadata,
                        controller,
                        authorizer,
                        config.values().bool("auto.create.topics.enable")),
                new DescribeClusterHandler(metadata, authorizer),
                new CreateTopicsHandler(controller, authorizer),
                new DeleteTopicsHandler(metadata, controller, authorizer),
                new CreatePartitionsHandler(controller, authorizer));
    }
}
