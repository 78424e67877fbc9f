package io.penstock.benchmarks.scenario;

import io.penstock.benchmarks.cluster.Cluster;
import io.penstock.benchmarks.cluster.Node;

import java.io.IOException;

/** Something that is broken under load. */
enum Fault {
    KILL_LEADER {
        @Override
        void inject(Cluster cluster, int leader) throws InterruptedException {
            cluster.node(leader).kill();
        }
    },
    STOP_LEADER {
        @Override
        void inject(Cluster cluster, int leader) {
            cluster.node(leader).requestStop();
        }
    },
    FREEZE_LEADER {
        @Override
        void inject(Cluster cluster, int leader) throws IOException, InterruptedException {
            cluster.node(leader).freeze();
        }

        /** It comes back and must find that it leads no more. */
        @Override
        void end(Cluster cluster, int leader) throws IOException, InterruptedException {
            cluster.node(leader).thaw();
        }
    },
    COORDINATION_AWAY {
        @Override
        void inject(Cluster cluster, int leader) throws InterruptedException {
            for (Node node : cluster.coordination()) {
                node.kill();
            }
        }

        @Override
        void end(Cluster cluster, int leader) throws IOException, InterruptedException {
            cluster.startCoordination();
        }
    };

    abstract void inject(Cluster cluster, int leader) throws IOException, InterruptedException;

    void end(Cluster cluster, int leader) throws IOException, InterruptedException {}
}
