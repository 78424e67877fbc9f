package io.penstock.broker.handler;

import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.security.RequestAuthorizer;

import java.util.List;

/** The handlers of everything about groups. */
public final class GroupHandlers {

    private GroupHandlers() {}

    public static List<RequestHandler<?>> of(
            GroupCoordination coordination, MetadataCache metadata, RequestAuthorizer authorizer) {
        GroupAccess access = new GroupAccess(authorizer);
        return List.of(
                new FindCoordinatorHandler(coordination, access),
                new JoinGroupHandler(coordination, access),
                new SyncGroupHandler(coordination, access),
                new HeartbeatHandler(coordination, access),
                new LeaveGroupHandler(coordination, access),
                new ListGroupsHandler(coordination, access),
                new DescribeGroupsHandler(coordination, access),
                new DeleteGroupsHandler(coordination, access),
                new OffsetCommitHandler(coordination, metadata, access),
                new OffsetFetchHandler(coordination, metadata, access),
                new OffsetDeleteHandler(coordination, metadata, access),
                new ConsumerGroupHeartbeatHandler(coordination, access),
                new ConsumerGroupDescribeHandler(coordination, access));
    }
}
