package io.penstock.provisioner.management;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a node says of itself, or that it says nothing. */
public sealed interface NodeHealth {
    /** Whether the node does its work now. */
    boolean serving();

    /** An answer of a node; {@code serving} is the HTTP status, the rest its body. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "role")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = BrokerHealth.class, name = "broker"),
        @JsonSubTypes.Type(value = ZooKeeperHealth.class, name = "zookeeper")
    })
    sealed interface Answered extends NodeHealth {
        int nodeId();

        String version();

        String state();

        long uptimeMs();

        /** The same with what the HTTP status says. */
        Answered withServing(boolean serving);
    }

    /**
     * @param controllerId the broker that it takes for the controller, −1 when it knows none
     * @param brokers how many live brokers it sees
     * @param partitions how many it has a replica of
     * @param leaders how many of these it leads
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record BrokerHealth(
            boolean serving,
            int nodeId,
            String version,
            String state,
            long brokerEpoch,
            boolean controller,
            int controllerId,
            int brokers,
            int partitions,
            int leaders,
            int offlinePartitions,
            int underReplicatedPartitions,
            long uptimeMs)
            implements Answered {
        @Override
        public BrokerHealth withServing(boolean nowServing) {
            return new BrokerHealth(
                    nowServing,
                    nodeId,
                    version,
                    state,
                    brokerEpoch,
                    controller,
                    controllerId,
                    brokers,
                    partitions,
                    leaders,
                    offlinePartitions,
                    underReplicatedPartitions,
                    uptimeMs);
        }
    }

    /**
     * @param mode {@code leader}, {@code follower}, {@code standalone} or {@code looking}
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record ZooKeeperHealth(
            boolean serving, int nodeId, String version, String state, String mode, long uptimeMs)
            implements Answered {
        @Override
        public ZooKeeperHealth withServing(boolean nowServing) {
            return new ZooKeeperHealth(nowServing, nodeId, version, state, mode, uptimeMs);
        }

        /** Whether it is part of a quorum that answers. */
        public boolean inQuorum() {
            return serving
                    && ("leader".equals(mode)
                            || "follower".equals(mode)
                            || "standalone".equals(mode));
        }
    }

    /** No answer, or none that makes sense. */
    record Unreachable(String reason) implements NodeHealth {
        @Override
        public boolean serving() {
            return false;
        }
    }
}
