package io.penstock.controlplane.clusters;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A size of nodes. Memory is in MiB, a volume in GiB. */
@Schema(
        requiredProperties = {
            "name",
            "title",
            "brokers_default",
            "brokers_max",
            "memory_mib",
            "zookeeper_memory_mib",
            "volume_gib"
        })
public record Plan(
        String name,
        String title,
        int brokersDefault,
        int brokersMax,
        int memoryMib,
        int zookeeperMemoryMib,
        int volumeGib) {}
