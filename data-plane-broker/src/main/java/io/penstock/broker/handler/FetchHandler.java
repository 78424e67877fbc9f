package io.penstock.broker.handler;

import io.penstock.broker.handler.FetchSession.FetchedPartition;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.EventLoopScheduler;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.replication.FollowerFetches;
import io.penstock.broker.replication.Partition.Isolation;
import io.penstock.broker.replication.Partitions;
import io.penstock.broker.security.RequestAuthorizer;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * Reads records for consumers, and hands the fetches of followers on. A response waits until there
 * are enough bytes, something went wrong, or the client's patience is over.
 */
public final class FetchHandler implements RequestHandler<FetchRequestData> {

    private static final int FIRST_WITH_REPLICA_STATE = 15;
    private static final int FIRST_WITH_NODE_ENDPOINTS = 16;
    private static final int FIRST_WITH_TOP_LEVEL_ERROR = 7;
    private static final String CLUSTER = "kafka-cluster";

    private final PartitionLookup lookup;
    private final FetchPlanner planner;
    private final FetchReader reader;
    private final RequestAuthorizer authorizer;
    private final FollowerFetches followers;
    private final Supplier<ScheduledExecutorService> loop;
    private final Settings settings;

    /**
     * What the broker's properties say of fetches.
     *
     * @param interBrokerListener the only one on which followers are served
     * @param maxResponseBytes the broker's fetch.max.bytes
     * @param sessionSlots the broker's max.incremental.fetch.session.cache.slots
     * @param rackAware whether replica.selector.class names Kafka's RackAwareReplicaSelector
     */
    public record Settings(
            String interBrokerListener,
            int maxResponseBytes,
            int sessionSlots,
            boolean rackAware) {}

    public FetchHandler(
            MetadataCache metadata,
            Partitions partitions,
            FollowerFetches followers,
            RequestAuthorizer authorizer,
            Supplier<ScheduledExecutorService> loop,
            Clock clock,
            Settings settings) {
        PartitionLookup lookup = new PartitionLookup(metadata, partitions);
        this.lookup = lookup;
        this.planner = new FetchPlanner(new FetchSessions(settings.sessionSlots(), clock), lookup);
        this.reader =
                new FetchReader(
                        lookup,
                        authorizer,
                        settings.rackAware()
                                ? new RackAwareSelector(metadata)
                                : ReadReplicaSelector.LEADER);
        this.authorizer = authorizer;
        this.followers = followers;
        this.loop = loop;
        this.settings = settings;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.FETCH;
    }

    @Override
    public CompletionStage<FetchResponseData> handle(
            RequestContext context, FetchRequestData request) {
        int replica =
                context.apiVersion() >= FIRST_WITH_REPLICA_STATE
                        ? request.replicaState().replicaId()
                        : request.replicaId();
        if (replica >= 0) {
            return serveFollower(context, request);
        }
        return switch (planner.plan(context.apiVersion(), request)) {
            case FetchPlan.Refused(Errors error) -> refused(context, error);
            case FetchPlan.Serve plan -> {
                CompletableFuture<FetchReader.Outcome> read =
                        new DelayedFetch(reader, context, limits(request), plan.wanted())
                                .start(loop.get());
                yield Cancellation.reaching(
                        read, read.thenApply(outcome -> response(context, plan, outcome)));
            }
        };
    }

    private CompletionStage<FetchResponseData> serveFollower(
            RequestContext context, FetchRequestData request) {
        if (context.apiVersion() < FIRST_WITH_REPLICA_STATE
                || !context.listener().equals(settings.interBrokerListener())) {
            return refused(context, Errors.INVALID_REQUEST);
        }
        if (!authorizer.isAllowed(
                context, AclOperation.CLUSTER_ACTION, ResourceType.CLUSTER, CLUSTER)) {
            return refused(context, Errors.CLUSTER_AUTHORIZATION_FAILED);
        }
        return followers.fetch(
                request,
                new FollowerFetches.Caller(context.connectionId(), context.clientId()),
                new EventLoopScheduler(loop.get()));
    }

    private DelayedFetch.Limits limits(FetchRequestData request) {
        boolean committed = request.isolationLevel() == IsolationLevel.READ_COMMITTED.id();
        return new DelayedFetch.Limits(
                request.minBytes(),
                Math.min(request.maxBytes(), settings.maxResponseBytes()),
                request.maxWaitMs(),
                committed ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED,
                request.rackId());
    }

    private static CompletionStage<FetchResponseData> refused(
            RequestContext context, Errors error) {
        return context.apiVersion() >= FIRST_WITH_TOP_LEVEL_ERROR
                ? CompletableFuture.completedFuture(
                        new FetchResponseData().setErrorCode(error.code()))
                : CompletableFuture.failedFuture(error.exception());
    }

    private FetchResponseData response(
            RequestContext context, FetchPlan.Serve plan, FetchReader.Outcome outcome) {
        List<FetchedPartition> fetched = outcome.fetched();
        if (plan.session().isPresent()) {
            FetchSession session = plan.session().get();
            if (plan.incremental()) {
                fetched = session.whatIsNew(fetched);
            } else {
                session.told(fetched);
            }
        }
        FetchResponseData response =
                new FetchResponseData()
                        .setSessionId(plan.session().map(FetchSession::id).orElse(0));
        FetchableTopicResponse topic = null;
        for (FetchedPartition each : fetched) {
            if (topic == null || !isOf(topic, each.wanted())) {
                topic =
                        new FetchableTopicResponse()
                                .setTopic(Objects.requireNonNullElse(each.wanted().topic(), ""))
                                .setTopicId(each.wanted().topicId());
                response.responses().add(topic);
            }
            topic.partitions().add(each.data());
            addEndpoint(context, each, response);
        }
        return response;
    }

    private static boolean isOf(FetchableTopicResponse topic, FetchPartition wanted) {
        return wanted.topicId().equals(Uuid.ZERO_UUID)
                ? topic.topic().equals(wanted.topic())
                : topic.topicId().equals(wanted.topicId());
    }

    private void addEndpoint(
            RequestContext context, FetchedPartition fetched, FetchResponseData response) {
        int leader = fetched.data().currentLeader().leaderId();
        if (leader < 0
                || context.apiVersion() < FIRST_WITH_NODE_ENDPOINTS
                || response.nodeEndpoints().find(leader) != null) {
            return;
        }
        Optional<PartitionLookup.LeaderHint> hint =
                lookup.hint(fetched.wanted().topic(), fetched.wanted().partition());
        hint.flatMap(h -> h.endpoint(context))
                .ifPresent(
                        endpoint ->
                                response.nodeEndpoints()
                                        .add(
                                                new NodeEndpoint()
                                                        .setNodeId(leader)
                                                        .setHost(endpoint.host())
                                                        .setPort(endpoint.port())
                                                        .setRack(hint.get().rack())));
    }
}
