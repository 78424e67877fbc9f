package io.penstock.broker.zk;

import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;

/** A ZooKeeper operation that did not succeed; {@link #code} says how. */
public final class ZkException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Code code;

    public ZkException(Code code, String path) {
        super(
                "ZooKeeper answered " + code + (path == null ? "" : " for " + path),
                KeeperException.create(code, path));
        this.code = code;
    }

    public ZkException(String message) {
        super(message);
        this.code = Code.OPERATIONTIMEOUT;
    }

    public Code code() {
        return code;
    }

    /** Whether the operation may or may not have been carried out. */
    public boolean isAmbiguous() {
        return switch (code) {
            case CONNECTIONLOSS, SESSIONEXPIRED, SESSIONMOVED, OPERATIONTIMEOUT, REQUESTTIMEOUT ->
                    true;
            default -> false;
        };
    }
}
