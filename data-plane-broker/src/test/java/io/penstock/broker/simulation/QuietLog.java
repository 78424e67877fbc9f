package io.penstock.broker.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Nothing is logged: thousands of clusters in trouble have a lot to say. A single life that is
 * asked for is another matter.
 */
final class QuietLog implements BeforeAllCallback, AfterAllCallback {

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private Level before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = root.getLevel();
        if (Long.getLong("penstock.times", 0) != 1) {
            root.setLevel(Level.OFF);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        root.setLevel(before);
    }
}
