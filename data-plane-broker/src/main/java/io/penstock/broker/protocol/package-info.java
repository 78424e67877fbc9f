/**
 * Kafka's wire format: which versions are served, and how frames become message classes and back.
 * With {@code group}, whose library forces it, the only user of kafka-clients' internal classes.
 */
package io.penstock.broker.protocol;
