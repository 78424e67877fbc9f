package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.benchmarks.measure.Meter.Watched;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;

@Timeout(120)
class MeterTest {

    @Test
    void whatAChildOfOursUsesIsItsSidesAndNotForeign() throws Exception {
        Process busy = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        try {
            List<Watched> side = List.of(new Watched("broker-1", true, busy.pid()));
            Meter meter = Meter.start(() -> side, List::of);
            while (LinuxProcesses.times(busy.pid()).ownSeconds() < 0.3) {
                Thread.onSpinWait();
            }

            Usage usage = meter.stop();

            assertThat(usage.brokerSeconds()).isBetween(0.2, 60.0);
            assertThat(usage.clientSeconds()).isPositive();
            assertThat(usage.waitingSidesPercent()).isZero();
        } finally {
            busy.destroyForcibly();
        }
    }

    @Test
    void aWaitingSideIsCountedApart() throws Exception {
        Process busy = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        try {
            List<Watched> waiting = List.of(new Watched("broker-1", true, busy.pid()));
            Meter meter = Meter.start(List::of, () -> waiting);
            while (LinuxProcesses.times(busy.pid()).ownSeconds() < 0.3) {
                Thread.onSpinWait();
            }

            Usage usage = meter.stop();

            assertThat(usage.sideSeconds()).isZero();
            assertThat(usage.waitingSidesPercent()).isPositive();
        } finally {
            busy.destroyForcibly();
        }
    }
}
