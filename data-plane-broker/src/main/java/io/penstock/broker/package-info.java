/**
 * The data-plane broker. Packages form layers, and none imports one above it; the build checks
 * this:
 *
 * <pre>
 * app          main, wiring, lifecycle, signals; node bootstrap
 * handler      one class per API key: request to response
 * security     SASL, mutual TLS principals, ACL authorizer
 * group        adapter around Kafka's group coordinator        transaction  transaction coordinator
 * replication  partitions with a replica here: leader and follower state, high watermark
 * controller   elections, topic life cycle: a pure core and a ZooKeeper writer
 * metadata     immutable ClusterImage, deltas, delta stream
 * log          segments, indexes, leader epochs, producer state (no network)
 * zk           ZooKeeper session, paths, codecs
 * network      Netty pipeline, response ordering, file-region output
 * protocol     version table, codecs: the only user of kafka-clients internals
 * config, metrics, time   leaf utilities
 * </pre>
 */
package io.penstock.broker;
