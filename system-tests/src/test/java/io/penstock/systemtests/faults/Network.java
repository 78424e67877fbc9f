package io.penstock.systemtests.faults;

import java.io.IOException;
import java.util.List;

/** Where the nodes of one cluster listen, and how they reach each other. */
interface Network extends AutoCloseable {

    /** The node's address, which this process reaches too. */
    String address(String node);

    /** What to put before a command so that it runs as the node. */
    List<String> runAs(String node);

    /** Makes what the nodes need before they start; refused when it was closed. */
    void make() throws IOException, InterruptedException;

    /** Undoes what was made; also after a failure halfway, or while it is made. */
    @Override
    void close() throws IOException, InterruptedException;
}
