package io.penstock.broker.app;

import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.config.PropertyValues;
import io.penstock.broker.controller.ClusterMembership;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.handler.AdministrationHandlers;
import io.penstock.broker.handler.DeleteRecordsHandler;
import io.penstock.broker.handler.DescribeLogDirsHandler;
import io.penstock.broker.handler.FetchHandler;
import io.penstock.broker.handler.GroupHandlers;
import io.penstock.broker.handler.InitProducerIdHandler;
import io.penstock.broker.handler.ListOffsetsHandler;
import io.penstock.broker.handler.MeteredHandler;
import io.penstock.broker.handler.OffsetForLeaderEpochHandler;
import io.penstock.broker.handler.ProduceHandler;
import io.penstock.broker.handler.RequestHandler;
import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.network.EventLoops;
import io.penstock.broker.replication.FollowerFetches;
import io.penstock.broker.replication.LocalPartitions;
import io.penstock.broker.security.RequestAuthorizer;
import io.penstock.broker.time.Clock;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Everything that this broker answers. */
final class BrokerHandlers {

    private static final String RACK_AWARE =
            "org.apache.kafka.common.replica.RackAwareReplicaSelector";

    private BrokerHandlers() {}

    /**
     * @param diskReads for what reads files and may block
     */
    static List<RequestHandler<?>> all(
            BrokerConfig config,
            ClusterMembership membership,
            LocalPartitions partitions,
            RequestAuthorizer authorizer,
            GroupCoordination coordination,
            EventLoops loops,
            Executor diskReads,
            LogDirectories directories,
            TrafficMetrics traffic) {
        MetadataCache metadata = membership.metadata();
        PropertyValues values = config.values();
        List<RequestHandler<?>> handlers = new ArrayList<>();
        handlers.addAll(GroupHandlers.of(coordination, metadata, authorizer));
        handlers.addAll(
                AdministrationHandlers.all(
                        metadata,
                        membership.controller(),
                        authorizer,
                        config.brokerId(),
                        values.bool("auto.create.topics.enable"),
                        config.authorization().enabled(),
                        values.explicit()));
        handlers.add(
                new ProduceHandler(
                        metadata,
                        partitions,
                        authorizer,
                        loops::current,
                        values.list("log.cleanup.policy"),
                        traffic));
        handlers.add(
                new FetchHandler(
                        metadata,
                        partitions,
                        new FollowerFetches(metadata, partitions, Clock.SYSTEM),
                        authorizer,
                        loops::current,
                        Clock.SYSTEM,
                        new FetchHandler.Settings(
                                config.interBrokerListener(),
                                values.integer("fetch.max.bytes"),
                                values.integer("max.incremental.fetch.session.cache.slots"),
                                RACK_AWARE.equals(
                                        values.explicit().get("replica.selector.class")))));
        handlers.add(new ListOffsetsHandler(metadata, partitions, authorizer, diskReads));
        handlers.add(
                new DeleteRecordsHandler(
                        metadata,
                        partitions,
                        authorizer,
                        diskReads,
                        loops::current,
                        values.list("log.cleanup.policy")));
        handlers.add(new DescribeLogDirsHandler(directories::describe, authorizer, diskReads));
        handlers.add(new OffsetForLeaderEpochHandler(metadata, partitions, authorizer));
        handlers.add(new InitProducerIdHandler(membership.controller(), authorizer));
        return handlers.stream()
                .<RequestHandler<?>>map(handler -> MeteredHandler.of(handler, metadata, traffic))
                .toList();
    }
}
