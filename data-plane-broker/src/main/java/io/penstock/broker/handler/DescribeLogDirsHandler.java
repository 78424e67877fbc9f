package io.penstock.broker.handler;

import io.penstock.broker.log.LogDirectoryDescription;
import io.penstock.broker.log.PartitionLog;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Tells what lies in this broker's log directories, and whether they can be used. */
public final class DescribeLogDirsHandler implements RequestHandler<DescribeLogDirsRequestData> {

    private final Supplier<List<LogDirectoryDescription>> directories;
    private final RequestAuthorizer authorizer;
    private final Executor disk;

    /**
     * @param disk may block
     */
    public DescribeLogDirsHandler(
            Supplier<List<LogDirectoryDescription>> directories,
            RequestAuthorizer authorizer,
            Executor disk) {
        this.directories = directories;
        this.authorizer = authorizer;
        this.disk = disk;
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_LOG_DIRS;
    }

    @Override
    public CompletionStage<DescribeLogDirsResponseData> handle(
            RequestContext context, DescribeLogDirsRequestData request) {
        boolean allowed =
                authorizer.isAllowed(
                        context,
                        AclOperation.DESCRIBE,
                        ResourceType.CLUSTER,
                        Resource.CLUSTER_NAME);
        if (!allowed) {
            return CompletableFuture.completedFuture(
                    new DescribeLogDirsResponseData()
                            .setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
        }
        return CompletableFuture.supplyAsync(() -> answer(request), disk);
    }

    private DescribeLogDirsResponseData answer(DescribeLogDirsRequestData request) {
        DescribeLogDirsResponseData response = new DescribeLogDirsResponseData();
        for (LogDirectoryDescription directory : directories.get()) {
            DescribeLogDirsResult result =
                    new DescribeLogDirsResult()
                            .setLogDir(directory.path().toAbsolutePath().toString())
                            .setTotalBytes(directory.totalBytes())
                            .setUsableBytes(directory.usableBytes());
            response.results()
                    .add(
                            directory.online()
                                    ? result.setTopics(topics(directory.logs(), request))
                                    : result.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code()));
        }
        return response;
    }

    private static List<DescribeLogDirsTopic> topics(
            Map<TopicPartition, PartitionLog> logs, DescribeLogDirsRequestData request) {
        Map<String, DescribeLogDirsTopic> topics = new TreeMap<>();
        logs.forEach(
                (partition, log) -> {
                    if (isWanted(partition, request)) {
                        topics.computeIfAbsent(
                                        partition.topic(),
                                        name -> new DescribeLogDirsTopic().setName(name))
                                .partitions()
                                .add(
                                        new DescribeLogDirsPartition()
                                                .setPartitionIndex(partition.partition())
                                                .setPartitionSize(log.sizeInBytes()));
                    }
                });
        return List.copyOf(topics.values());
    }

    /** Without topics a request asks for all of them. */
    private static boolean isWanted(TopicPartition partition, DescribeLogDirsRequestData request) {
        if (request.topics() == null) {
            return true;
        }
        DescribableLogDirTopic topic = request.topics().find(partition.topic());
        return topic != null && topic.partitions().contains(partition.partition());
    }
}
