/**
 * The broker's own properties: a table of every name Kafka knows, and typed, immutable records of
 * what this broker makes of them.
 */
package io.penstock.broker.config;
