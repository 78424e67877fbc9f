package io.penstock.launcher.command;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Stands in for the control plane, which is a part of its own: answers every request. */
public final class FakeControlPlane {
    private FakeControlPlane() {}

    public static void main(String[] arguments) throws IOException {
        var port = Integer.parseInt(System.getenv("PENSTOCK_HTTP_PORT"));
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
    }
}
