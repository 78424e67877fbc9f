package io.penstock.launcher.load;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What producer and consumers count alike. The checksum is the sum of the records' CRCs, so that it
 * does not depend on the order in which partitions are read, and sums of several consumers add up.
 */
final class Verification {
    /** The header that carries a record's place among the records of its key, from 0. */
    static final String SEQUENCE = "sequence";

    private long records;
    private long bytes;
    private long checksum;

    void add(String key, long sequence, byte[] value) {
        var crc = new CRC32C();
        var keyBytes = key.getBytes(StandardCharsets.UTF_8);
        crc.update(keyBytes);
        for (var shift = 56; shift >= 0; shift -= 8) {
            crc.update((int) (sequence >>> shift) & 0xFF);
        }
        crc.update(value);
        records++;
        bytes += keyBytes.length + value.length;
        // One more than the CRC, so that also a record whose CRC is 0 counts.
        checksum += (crc.getValue() + 1) * 0x9E3779B97F4A7C15L;
    }

    long records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    long checksum() {
        return checksum;
    }
}
