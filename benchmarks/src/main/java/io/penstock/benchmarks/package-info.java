/** The race against Apache Kafka. {@link io.penstock.benchmarks.Race} is where to start reading. */
package io.penstock.benchmarks;
