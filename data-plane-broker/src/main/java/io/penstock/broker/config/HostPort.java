package io.penstock.broker.config;

/** An address as written: no name is resolved here. An empty host means every local address. */
public record HostPort(String host, int port) {

    /** Reads {@code host:port}, {@code [v6]:port} or {@code :port}. */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("allowed: host:port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "allowed: host:port, an IPv6 address in square brackets");
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("allowed: host:port with a port from 0 to 65535", e);
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("allowed: host:port with a port from 0 to 65535");
        }
        return new HostPort(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
