package io.penstock.broker.controller;

import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.kafka.common.Uuid;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The world around a broker's membership. Nothing in this package makes threads, sleeps or reads a
 * clock but through it; the only thing waited for in place is an answer of ZooKeeper.
 *
 * @param random a generator for one scheduler's use
 * @param topicIds never gives one twice, in all of the cluster
 */
public record Surroundings(
        ZooKeeperClient zooKeeper,
        Peers peers,
        KeptSession.Keeper keptSession,
        Scheduler.Factory schedulers,
        Clock clock,
        Supplier<RandomGenerator> random,
        Supplier<Uuid> topicIds) {}
