package io.penstock.broker.app;

import io.penstock.broker.config.BrokerConfig;

import java.nio.file.Path;

/** Runs one broker in the foreground: {@code BrokerMain FILE}, with Kafka's property names. */
public final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] arguments) {
        Foreground.run(
                () -> {
                    Path file = Arguments.onlyFile("broker", arguments);
                    return Broker.start(BrokerConfig.load(file), Version.ofThisBuild());
                });
    }
}
