package io.penstock.benchmarks;

import java.nio.file.Path;

/**
 * Where things are. Everything that a race writes lies below {@link #folder}.
 *
 * @param checkout of the sources, with {@code penstock} in it
 * @param home {@code PENSTOCK_HOME}
 */
public record Workspace(Path checkout, Path home) {

    public Path folder() {
        return home.resolve("benchmarks");
    }

    public Path peerLibraries(String peer) {
        return folder().resolve("peers").resolve(peer);
    }

    public Path clusters() {
        return folder().resolve("clusters");
    }

    public Path results() {
        return folder().resolve("results");
    }

    public Path profiles() {
        return folder().resolve("profiles");
    }

    public Path penstock() {
        return checkout.resolve("penstock");
    }

    public Path sources() {
        return checkout.resolve("benchmarks");
    }

    /**
     * An address of this installation's own, so that races of several checkouts never meet. The
     * last number tells the sides apart.
     */
    public String loopbackAddress(int side) {
        int hash = home.toString().hashCode() & 0x7fffffff;
        return "127." + (100 + hash % 100) + "." + (hash / 100 % 256) + "." + side;
    }
}
