/**
 * Kafka's own group coordinator on this broker's log. {@link
 * io.penstock.broker.group.GroupCoordination} is the way in; nothing outside this package sees
 * Kafka's coordinator classes.
 */
package io.penstock.broker.group;
