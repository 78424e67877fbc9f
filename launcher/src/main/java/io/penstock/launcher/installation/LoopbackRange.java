package io.penstock.launcher.installation;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.CRC32;

/** Chooses the second octet of the loopback addresses of an installation's local nodes. */
final class LoopbackRange {
    static final int FIRST = 64;
    static final int LAST = 250;

    private LoopbackRange() {}

    /**
     * The range that the path's hash names, or the next one on which no process of this machine
     * listens.
     */
    static String choose(Path home, Set<Integer> busy) {
        var checksum = new CRC32();
        checksum.update(home.toString().getBytes(StandardCharsets.UTF_8));
        var count = LAST - FIRST + 1;
        var start = (int) (checksum.getValue() % count);
        for (var i = 0; i < count; i++) {
            var octet = FIRST + (start + i) % count;
            if (!busy.contains(octet)) {
                return "127." + octet + ".0.0/16";
            }
        }
        return "127." + (FIRST + start) + ".0.0/16";
    }
}
