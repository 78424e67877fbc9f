package io.penstock.broker.simulation;

import io.penstock.broker.simulation.MemoryZooKeeperClient.Link;
import io.penstock.broker.simulation.MemoryZooKeeperClient.Passage;
import io.penstock.broker.simulation.SimulatedNetwork.Route;
import io.penstock.broker.zk.ZkPaths;

import org.apache.zookeeper.ZooDefs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * The ZooKeeper ensemble on the network: hears its clients while they run and reach it, lets
 * sessions expire, and may be away altogether. What is asked over a route that is cut one way is
 * done, and nobody is told.
 */
final class SimulatedEnsemble {

    static final String HOST = "zookeeper";
    static final int SESSION_TIMEOUT_MILLIS = 6_000;
    private static final int MOST_BROKEN_MILLIS = 150;
    private static final int MOST_WHOLE_MILLIS = 700;
    private static final Duration TICK = Duration.ofMillis(250);

    /** As long as a real client waits for an answer before it takes its connection for broken. */
    private static final Duration PATIENCE = Duration.ofMillis(SESSION_TIMEOUT_MILLIS * 2 / 3);

    private final SimulatedTime time;
    private final SimulatedNetwork network;
    private final SplittableRandom random;
    private final MemoryZooKeeper zooKeeper;
    private final List<Member> members = new ArrayList<>();
    private boolean up = true;
    private boolean shaky;

    /** A client and when it was heard last. */
    private final class Member implements Link {
        private final SimulatedProcess process;
        private final String host;
        private final MemoryZooKeeperClient client;
        private long heardMillis;
        private long breaksAtMillis;
        private long backAtMillis;
        private long slowMillis;
        private long lastRequestNanos;
        private long lastAnswerNanos;
        private boolean delivering;

        private Member(SimulatedProcess process, String host) {
            this.process = process;
            this.host = host;
            this.heardMillis = time.millis();
            this.client = new MemoryZooKeeperClient(zooKeeper, SESSION_TIMEOUT_MILLIS, this);
        }

        private boolean reaches() {
            Route there = new Route(host, HOST);
            return up
                    && network.isOpen(there)
                    && network.isOpen(there.back())
                    && !(shaky && isBroken());
        }

        private boolean isBroken() {
            return time.millis() < backAtMillis;
        }

        @Override
        public Passage next(boolean write) {
            Route there = new Route(host, HOST);
            if (!up || !network.isOpen(there)) {
                return Passage.REQUEST_LOST;
            }
            if (!network.isOpen(there.back())) {
                return Passage.ANSWER_LOST;
            }
            if (shaky && isBroken()) {
                return Passage.REQUEST_LOST;
            }
            if (shaky && time.millis() >= breaksAtMillis) {
                backAtMillis = time.millis() + random.nextInt(MOST_BROKEN_MILLIS);
                breaksAtMillis = backAtMillis + random.nextInt(MOST_WHOLE_MILLIS);
                return random.nextBoolean() ? Passage.REQUEST_LOST : Passage.ANSWER_LOST;
            }
            heardMillis = time.millis();
            return Passage.WHOLE;
        }

        @Override
        public void eventsWait() {
            if (!delivering) {
                delivering = true;
                time.atNanos(
                        Math.max(
                                time.nanos() + network.delay().toNanos(),
                                client.nextArrivalNanos().orElse(0)),
                        "watch " + process,
                        () -> process.perform(this::tell));
            }
        }

        private void tell() {
            delivering = false;
            if (reaches()) {
                client.deliver();
                if (client.nextArrivalNanos().orElse(0) > time.nanos()) {
                    eventsWait();
                }
            }
        }

        @Override
        public boolean isSlow() {
            return slowMillis > 0 || time.nanos() < Math.max(lastRequestNanos, lastAnswerNanos);
        }

        private long delayNanos() {
            return slowMillis == 0
                    ? 0
                    : random.nextLong(slowMillis * 250_000, slowMillis * 1_000_000);
        }

        @Override
        public void travel(Runnable arrival) {
            lastRequestNanos = Math.max(lastRequestNanos + 1, time.nanos() + delayNanos());
            time.atNanos(lastRequestNanos, "request " + process, arrival);
        }

        @Override
        public long arrivesNanos() {
            lastAnswerNanos = Math.max(lastAnswerNanos, time.nanos() + delayNanos());
            return lastAnswerNanos;
        }

        @Override
        public long nowNanos() {
            return time.nanos();
        }

        @Override
        public <T> CompletableFuture<T> newAnswer() {
            return new SimulatedAnswer<>(process);
        }

        @Override
        public void perform(Runnable task) {
            process.perform(task);
        }

        @Override
        public void afterPatience(Runnable task) {
            time.after(PATIENCE, "patience " + process, () -> process.perform(task));
        }

        /** As the client's pings do, and its discovery that the session is gone. */
        private void tick() {
            if (!process.isRunning() || !reaches()) {
                return;
            }
            heardMillis = Math.max(heardMillis, time.millis() - slowMillis);
            if (client.hasExpired()) {
                process.perform(client::renew);
            } else {
                process.perform(this::tell);
            }
        }
    }

    SimulatedEnsemble(
            SimulatedTime time,
            SimulatedNetwork network,
            SplittableRandom random,
            Mutation mutation) {
        this.time = time;
        this.network = network;
        this.random = random;
        this.zooKeeper =
                new MemoryZooKeeper(
                        time::millis,
                        operation ->
                                mutation == Mutation.NO_CONTROLLER_EPOCH_CHECK
                                        && operation.getType() == ZooDefs.OpCode.check
                                        && operation.getPath().equals(ZkPaths.CONTROLLER_EPOCH));
        tick();
    }

    MemoryZooKeeper zooKeeper() {
        return zooKeeper;
    }

    MemoryZooKeeperClient connect(SimulatedProcess process, String host) {
        Member member = new Member(process, host);
        members.add(member);
        return member.client;
    }

    private void tick() {
        for (Member member : List.copyOf(members)) {
            member.tick();
            boolean silent = time.millis() - member.heardMillis > SESSION_TIMEOUT_MILLIS;
            if (up && silent && member.client.session().isOpen()) {
                time.note("expires " + member.process);
                zooKeeper.close(member.client.session());
            }
        }
        members.removeIf(
                member ->
                        !member.client.session().isOpen()
                                && (member.process.isDead() || member.client.isClosed()));
        time.after(TICK, "ensemble", this::tick);
    }

    /** All servers stop; nothing expires while they are away. */
    void stop() {
        up = false;
    }

    void start() {
        up = true;
        members.forEach(member -> member.heardMillis = time.millis());
    }

    boolean isUp() {
        return up;
    }

    /**
     * Requests and answers of those who are connected now take up to so long, as does the news that
     * a client lives.
     *
     * @param millis 0 for no longer than a call
     */
    void slow(long millis) {
        for (Member member : members) {
            member.slowMillis = millis;
            if (millis > 0) {
                member.process.letWait(SimulatedEnsemble::waitsForAnswers);
            }
        }
    }

    private static boolean waitsForAnswers(String thread) {
        return thread.equals("registration")
                || thread.equals("controller-election")
                || thread.matches("controller-\\d+");
    }

    /** Connections break every now and then, with what is under way on them, and come back. */
    void shake(boolean begin) {
        shaky = begin;
    }
}
