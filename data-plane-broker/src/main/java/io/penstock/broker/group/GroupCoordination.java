package io.penstock.broker.group;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.replication.LeadershipListener;
import io.penstock.broker.replication.Partitions;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Consumer groups on this broker: those whose partition of the offsets topic it leads.
 *
 * <p>{@link #start} returns at once. The coordinator's classes load on a thread of its own, and it
 * serves once the offsets topic exists: how many partitions that has decides where a group belongs,
 * and must never be guessed. Until then requests fail with COORDINATOR_NOT_AVAILABLE, after which
 * clients try again.
 *
 * <p>Futures may complete on the coordinator's threads, under a partition's lock: what hangs on
 * them must only hand over. {@link CoordinatorFailure} translates their exceptions.
 */
public final class GroupCoordination implements LeadershipListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCoordination.class);
    private static final long CREATION_TIMEOUT_MILLIS = 10_000;
    private static final long STOP_SECONDS = 5;
    private static final long PROGRESS_SECONDS = 5;
    private static final short OUTDATED = Errors.NOT_COORDINATOR.code();

    private final GroupSettings settings;
    private final Partitions partitions;
    private final MetadataCache metadata;
    private final TopicVisibility visibility;
    private final OffsetsTopic topic;
    private final CertainAnswers certain;
    private final CompletableFuture<CoordinatorService> built = new CompletableFuture<>();

    /** Elections reach the coordinator from this thread only, in the order they happened. */
    private final ExecutorService elections =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("group-coordinator-elections").factory());

    /** What happened before the coordinator served, to be told then; belongs to the thread. */
    private final List<Election> early = new ArrayList<>();

    private volatile CoordinatorService serving;

    private sealed interface Election {
        record Elected(int partition, int leaderEpoch) implements Election {}

        record Resigned(int partition, OptionalInt leaderEpoch) implements Election {}
    }

    public GroupCoordination(
            GroupSettings settings,
            Partitions partitions,
            MetadataCache metadata,
            ControllerChannel controller,
            TopicVisibility visibility) {
        this.settings = settings;
        this.partitions = partitions;
        this.metadata = metadata;
        this.visibility = visibility;
        this.topic = new OffsetsTopic(settings, metadata, controller, CREATION_TIMEOUT_MILLIS);
        this.certain = new CertainAnswers(topic, partitions);
    }

    /** Call when the listeners are open, so that loading classes does not delay them. */
    public void start() {
        run(
                () -> {
                    try {
                        built.complete(new CoordinatorService(settings, partitions, visibility));
                    } catch (RuntimeException | LinkageError e) {
                        LOG.error("The group coordinator did not start", e);
                        built.completeExceptionally(e);
                        return;
                    }
                    metadata.subscribe((previous, next) -> onImage(next));
                });
    }

    /** This broker now leads the partition; others than those of the offsets topic are ignored. */
    @Override
    public void onElected(TopicPartition partition, int leaderEpoch) {
        if (partition.topic().equals(OffsetsTopic.NAME)) {
            run(() -> tell(new Election.Elected(partition.partition(), leaderEpoch)));
        }
    }

    /** This broker no longer leads the partition. */
    @Override
    public void onResigned(TopicPartition partition, OptionalInt leaderEpoch) {
        if (partition.topic().equals(OffsetsTopic.NAME)) {
            run(() -> tell(new Election.Resigned(partition.partition(), leaderEpoch)));
        }
    }

    /** Whether requests are answered by the coordinator. */
    public boolean isServing() {
        return serving != null;
    }

    /**
     * The coordinator of a group; empty when it has none now, or when this broker would be it but
     * may be outdated: so that the client asks another one. The first call creates the offsets
     * topic. Never fails.
     */
    public CompletableFuture<Optional<BrokerRegistration>> find(String group) {
        if (topic.exists()) {
            return CompletableFuture.completedFuture(coordinatorOf(group));
        }
        return built.thenCompose(service -> topic.ensureExists(service.offsetsTopicConfigs()))
                .handle((done, failure) -> coordinatorOf(group));
    }

    private Optional<BrokerRegistration> coordinatorOf(String group) {
        return topic.leaderFor(group)
                .filter(leader -> leader.id() != settings.brokerId() || certain.isCertain(group));
    }

    public CompletableFuture<JoinGroupResponseData> joinGroup(
            RequestContext context, JoinGroupRequestData request) {
        return ask(
                request.groupId(),
                coordinator ->
                        coordinator.joinGroup(
                                new RequestOrigin(context), request, BufferSupplier.NO_CACHING));
    }

    public CompletableFuture<SyncGroupResponseData> syncGroup(
            RequestContext context, SyncGroupRequestData request) {
        return ask(
                request.groupId(),
                coordinator ->
                        coordinator.syncGroup(
                                new RequestOrigin(context), request, BufferSupplier.NO_CACHING));
    }

    public CompletableFuture<HeartbeatResponseData> heartbeat(
            RequestContext context, HeartbeatRequestData request) {
        return ask(
                request.groupId(),
                coordinator -> coordinator.heartbeat(new RequestOrigin(context), request));
    }

    public CompletableFuture<LeaveGroupResponseData> leaveGroup(
            RequestContext context, LeaveGroupRequestData request) {
        return ask(
                request.groupId(),
                coordinator -> coordinator.leaveGroup(new RequestOrigin(context), request));
    }

    public CompletableFuture<ConsumerGroupHeartbeatResponseData> consumerGroupHeartbeat(
            RequestContext context, ConsumerGroupHeartbeatRequestData request) {
        return ask(
                request.groupId(),
                coordinator ->
                        coordinator.consumerGroupHeartbeat(new RequestOrigin(context), request));
    }

    public CompletableFuture<List<ConsumerGroupDescribeResponseData.DescribedGroup>>
            consumerGroupDescribe(RequestContext context, List<String> groups) {
        return ask(coordinator ->
                        coordinator.consumerGroupDescribe(new RequestOrigin(context), groups))
                .thenApply(
                        described ->
                                certain.only(
                                        described,
                                        ConsumerGroupDescribeResponseData.DescribedGroup::groupId,
                                        group ->
                                                new ConsumerGroupDescribeResponseData
                                                                .DescribedGroup()
                                                        .setGroupId(group)
                                                        .setErrorCode(OUTDATED)));
    }

    public CompletableFuture<List<DescribeGroupsResponseData.DescribedGroup>> describeGroups(
            RequestContext context, List<String> groups) {
        return ask(coordinator -> coordinator.describeGroups(new RequestOrigin(context), groups))
                .thenApply(
                        described ->
                                certain.only(
                                        described,
                                        DescribeGroupsResponseData.DescribedGroup::groupId,
                                        group ->
                                                new DescribeGroupsResponseData.DescribedGroup()
                                                        .setGroupId(group)
                                                        .setErrorCode(OUTDATED)));
    }

    /** Only the groups that this broker certainly coordinates. */
    public CompletableFuture<ListGroupsResponseData> listGroups(
            RequestContext context, ListGroupsRequestData request) {
        return ask(coordinator -> coordinator.listGroups(new RequestOrigin(context), request))
                .thenApply(
                        response ->
                                response.setGroups(
                                        response.groups().stream()
                                                .filter(group -> certain.isCertain(group.groupId()))
                                                .toList()));
    }

    public CompletableFuture<DeletableGroupResultCollection> deleteGroups(
            RequestContext context, List<String> groups) {
        return ask(coordinator ->
                        coordinator.deleteGroups(
                                new RequestOrigin(context), groups, BufferSupplier.NO_CACHING))
                .thenApply(
                        results -> {
                            results.forEach(
                                    result -> {
                                        if (!certain.isCertain(result.groupId())) {
                                            result.setErrorCode(OUTDATED);
                                        }
                                    });
                            return results;
                        });
    }

    public CompletableFuture<OffsetCommitResponseData> commitOffsets(
            RequestContext context, OffsetCommitRequestData request) {
        return ask(
                request.groupId(),
                coordinator ->
                        coordinator.commitOffsets(
                                new RequestOrigin(context), request, BufferSupplier.NO_CACHING));
    }

    /**
     * @param requireStable whether offsets of an open transaction are waited for
     */
    public CompletableFuture<OffsetFetchResponseGroup> fetchOffsets(
            RequestContext context, OffsetFetchRequestGroup group, boolean requireStable) {
        return ask(
                group.groupId(),
                coordinator ->
                        coordinator.fetchOffsets(new RequestOrigin(context), group, requireStable));
    }

    public CompletableFuture<OffsetDeleteResponseData> deleteOffsets(
            RequestContext context, OffsetDeleteRequestData request) {
        return ask(
                request.groupId(),
                coordinator ->
                        coordinator.deleteOffsets(
                                new RequestOrigin(context), request, BufferSupplier.NO_CACHING));
    }

    /** How far the groups coordinated here are, in a bounded time; never fails. */
    public CompletableFuture<GroupProgress> progress() {
        return new ProgressReader(this)
                .read()
                .completeOnTimeout(GroupProgress.NONE, PROGRESS_SECONDS, TimeUnit.SECONDS);
    }

    /** Stops answering and gives back threads; waits a few seconds at most. */
    @Override
    public void close() {
        elections.shutdownNow();
        try {
            if (!elections.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The group coordinator is still busy after {} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        serving = null;
        if (built.isDone() && !built.isCompletedExceptionally()) {
            built.join().close();
        } else {
            built.completeExceptionally(new CoordinatorNotAvailableException("The broker stops"));
        }
    }

    /** Of one group, whose coordinator this broker must certainly be. */
    private <T> CompletableFuture<T> ask(
            String group, Function<GroupCoordinator, CompletableFuture<T>> request) {
        return certain.about(group, () -> ask(request));
    }

    private <T> CompletableFuture<T> ask(Function<GroupCoordinator, CompletableFuture<T>> request) {
        CoordinatorService service = serving;
        if (service == null) {
            return CompletableFuture.failedFuture(
                    new CoordinatorNotAvailableException("The group coordinator is starting"));
        }
        try {
            return request.apply(service.requests());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void onImage(ClusterImage image) {
        CoordinatorService service = serving;
        if (service != null) {
            service.onImage(image);
        } else if (image.topic(OffsetsTopic.NAME).isPresent()) {
            run(() -> serve(metadata.current()));
        }
    }

    private void serve(ClusterImage image) {
        int count =
                image.topic(OffsetsTopic.NAME).map(state -> state.partitions().size()).orElse(0);
        if (serving != null || count == 0) {
            return;
        }
        CoordinatorService service = built.join();
        service.startUp(count, image);
        serving = service;
        // An image that came while this one was told went nowhere.
        service.onImage(metadata.current());
        List<Election> waiting = List.copyOf(early);
        early.clear();
        waiting.forEach(this::tell);
    }

    private void tell(Election election) {
        CoordinatorService service = serving;
        if (service == null) {
            early.add(election);
            return;
        }
        switch (election) {
            case Election.Elected(int partition, int leaderEpoch) ->
                    service.elected(partition, leaderEpoch);
            case Election.Resigned(int partition, OptionalInt leaderEpoch) ->
                    service.resigned(partition, leaderEpoch);
        }
    }

    private void run(Runnable task) {
        try {
            elections.execute(
                    () -> {
                        try {
                            task.run();
                        } catch (RuntimeException e) {
                            LOG.error("The group coordinator missed an event", e);
                        }
                    });
        } catch (RejectedExecutionException stopping) {
            LOG.debug("The group coordinator stops; an event is dropped");
        }
    }
}
