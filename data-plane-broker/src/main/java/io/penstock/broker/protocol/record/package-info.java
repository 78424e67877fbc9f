/** Access to the records inside messages, on Kafka's internal record classes. */
package io.penstock.broker.protocol.record;
