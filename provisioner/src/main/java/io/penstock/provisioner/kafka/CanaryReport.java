package io.penstock.provisioner.kafka;

import java.time.Duration;

/**
 * A canary that came back.
 *
 * @param partitions how many partitions passed a record
 * @param took from the first record sent to the last one read
 */
public record CanaryReport(int partitions, Duration took) {}
