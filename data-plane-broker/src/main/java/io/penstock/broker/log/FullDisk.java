package io.penstock.broker.log;

import java.nio.file.FileSystemException;

/** Tells a disk without space, which heals when there is some, from one that is broken. */
final class FullDisk {

    private FullDisk() {}

    static boolean is(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String reason =
                    at instanceof FileSystemException file ? file.getReason() : at.getMessage();
            if (reason != null
                    && (reason.contains("No space left on device")
                            || reason.contains("Disk quota exceeded"))) {
                return true;
            }
        }
        return false;
    }
}
