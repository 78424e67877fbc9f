package io.penstock.broker.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Nothing is logged: thousands of clusters in trouble have a lot to say. Of a single seed that is
 * asked for by {@code --times 1} everything is.
 */
public final class QuietLog implements BeforeAllCallback, AfterAllCallback {

    private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Silence silence = new Silence();

    private static final class Silence extends TurboFilter {
        @Override
        public FilterReply decide(
                Marker marker,
                Logger logger,
                Level level,
                String format,
                Object[] arguments,
                Throwable cause) {
            return FilterReply.DENY;
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (Long.getLong("penstock.times", 0) != 1) {
            loggers.addTurboFilter(silence);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        loggers.getTurboFilterList().remove(silence);
    }
}
