package io.penstock.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class VerificationTest {
    @TempDir Path folder;

    @Test
    void theChecksumDoesNotDependOnTheOrderAndSumsOfPartsAddUp() {
        var whole = new Verification();
        var first = new Verification();
        var second = new Verification();
        for (var i = 0; i < 100; i++) {
            whole.add("key-" + i % 7, i, value(i));
        }
        for (var i = 99; i >= 0; i--) {
            (i % 3 == 0 ? first : second).add("key-" + i % 7, i, value(i));
        }

        assertThat(first.checksum() + second.checksum()).isEqualTo(whole.checksum());
        assertThat(first.records() + second.records()).isEqualTo(whole.records());
    }

    @Test
    void aChangedKeySequenceOrValueChangesTheChecksum() {
        assertThat(checksum("key", 1, "value"))
                .isNotEqualTo(checksum("kex", 1, "value"))
                .isNotEqualTo(checksum("key", 2, "value"))
                .isNotEqualTo(checksum("key", 1, "valuf"));
    }

    @Test
    void gapsRepetitionsAndSwapsAreViolations() {
        assertThat(violations(0, 1, 2, 3)).isZero();
        assertThat(violations(0, 1, 3)).isPositive();
        assertThat(violations(0, 1, 1)).isPositive();
        assertThat(violations(0, 2, 1)).isPositive();
        assertThat(violations(1, 2, 3)).isPositive();
    }

    @Test
    void aPartitionTakenOverInTheMiddleBeginsWhereItBegins() {
        var order = new KeyOrder();
        order.arrived(0, 500, "key", 40);
        order.arrived(0, 501, "key", 41);
        order.revoked(0);
        order.arrived(0, 900, "key", 70);
        assertThat(order.violations()).isZero();
        order.arrived(0, 901, "key", 72);
        assertThat(order.violations()).isOne();
    }

    @Test
    void textComesFromSourcesInTurnsAndNeverFromSecretsOrBuildOutput() throws Exception {
        Files.writeString(folder.resolve("a.java"), "a1\n\na2\n");
        Files.writeString(folder.resolve("b.md"), "b1\nb2\n");
        Files.writeString(
                Files.createDirectory(folder.resolve("secrets")).resolve("c.md"), "secret\n");
        Files.writeString(
                Files.createDirectory(folder.resolve("target")).resolve("d.java"), "built\n");
        Files.write(folder.resolve("e.log"), new byte[] {(byte) 0xC3, 0x28});

        assertThat(TextSource.read(List.of(folder)))
                .extracting(TextSource.Line::text)
                .containsExactly("a1", "b1", "a2", "b2");
    }

    private static long violations(long... sequences) {
        var order = new KeyOrder();
        var offset = 0L;
        for (var sequence : sequences) {
            order.arrived(0, offset++, "key", sequence);
        }
        return order.violations();
    }

    private static long checksum(String key, long sequence, String value) {
        var verification = new Verification();
        verification.add(key, sequence, value.getBytes(StandardCharsets.UTF_8));
        return verification.checksum();
    }

    private static byte[] value(int i) {
        return ("value " + i).getBytes(StandardCharsets.UTF_8);
    }
}
