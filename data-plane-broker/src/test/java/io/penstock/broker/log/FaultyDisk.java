package io.penstock.broker.log;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A real disk that can be told to fail: {@link #fail} makes every write and force below a folder
 * end in an error, {@link #leaveRoomFor} lets so many bytes more be written anywhere, and then
 * writes one part of what it is given, as a full disk does.
 */
final class FaultyDisk {

    private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
    private volatile String broken = "none";
    private volatile boolean forcesFail;
    private final FaultySystem system = new FaultySystem();

    /** The folder, seen through this disk. */
    Path path(Path real) {
        return new FaultyPath(real.toAbsolutePath(), system);
    }

    void fail(Path folder) {
        broken = folder.toAbsolutePath().toString();
    }

    /** Writes are taken, and there turns out to be no room for them when they are forced. */
    void failForces() {
        forcesFail = true;
    }

    void leaveRoomFor(long bytes) {
        room.set(bytes);
    }

    void makeRoom() {
        forcesFail = false;
        room.set(Long.MAX_VALUE);
    }

    private void checkWritable(Path real) throws IOException {
        if (real.toString().startsWith(broken)) {
            throw new IOException("Input/output error");
        }
    }

    /** How many of the bytes still fit. */
    private int take(int bytes) throws IOException {
        long left = room.getAndUpdate(r -> r == Long.MAX_VALUE ? r : Math.max(0, r - bytes));
        if (left == 0 && bytes > 0) {
            throw new IOException("No space left on device");
        }
        return (int) Math.min(left, bytes);
    }

    private final class FaultyChannel extends FileChannel {
        private final FileChannel real;
        private final Path path;

        FaultyChannel(FileChannel real, Path path) {
            this.real = real;
            this.path = path;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            checkWritable(path);
            int limit = source.limit();
            source.limit(source.position() + take(source.remaining()));
            try {
                return real.write(source, position);
            } finally {
                source.limit(limit);
            }
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int written = write(source, real.position());
            real.position(real.position() + written);
            return written;
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            throw new UnsupportedOperationException();
        }

        @Override
        public void force(boolean metaData) throws IOException {
            checkWritable(path);
            if (forcesFail) {
                throw new IOException("No space left on device");
            }
            real.force(metaData);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return real.read(target);
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
            return real.read(targets, offset, length);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public long position() throws IOException {
            return real.position();
        }

        @Override
        public FileChannel position(long newPosition) throws IOException {
            real.position(newPosition);
            return this;
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            real.truncate(size);
            return this;
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target)
                throws IOException {
            return real.transferTo(position, count, target);
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count)
                throws IOException {
            return real.transferFrom(source, position, count);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return real.map(mode, position, size);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            return real.lock(position, size, shared);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return real.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }
    }

    private static Path real(Path path) {
        return path instanceof FaultyPath faulty ? faulty.real() : path;
    }

    private final class FaultyProvider extends FileSystemProvider {
        private final FileSystemProvider provider = Path.of("/").getFileSystem().provider();

        @Override
        public FileChannel newFileChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            return new FaultyChannel(
                    provider.newFileChannel(real(path), options, attributes), real(path));
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            return newFileChannel(path, options, attributes);
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(
                Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
            DirectoryStream<Path> entries = provider.newDirectoryStream(real(folder), filter);
            return new DirectoryStream<>() {
                @Override
                public java.util.Iterator<Path> iterator() {
                    var each = entries.iterator();
                    return new java.util.Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return each.hasNext();
                        }

                        @Override
                        public Path next() {
                            return path(each.next());
                        }
                    };
                }

                @Override
                public void close() throws IOException {
                    entries.close();
                }
            };
        }

        @Override
        public void createDirectory(Path folder, FileAttribute<?>... attributes)
                throws IOException {
            checkWritable(real(folder));
            provider.createDirectory(real(folder), attributes);
        }

        @Override
        public void delete(Path path) throws IOException {
            checkWritable(real(path));
            provider.delete(real(path));
        }

        @Override
        public void copy(Path source, Path target, CopyOption... options) throws IOException {
            provider.copy(real(source), real(target), options);
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) throws IOException {
            checkWritable(real(source));
            provider.move(real(source), real(target), options);
        }

        @Override
        public boolean isSameFile(Path one, Path other) throws IOException {
            return provider.isSameFile(real(one), real(other));
        }

        @Override
        public boolean isHidden(Path path) throws IOException {
            return provider.isHidden(real(path));
        }

        @Override
        public FileStore getFileStore(Path path) throws IOException {
            return provider.getFileStore(real(path));
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            provider.checkAccess(real(path), modes);
        }

        @Override
        public <V extends FileAttributeView> V getFileAttributeView(
                Path path, Class<V> type, LinkOption... options) {
            return provider.getFileAttributeView(real(path), type, options);
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(
                Path path, Class<A> type, LinkOption... options) throws IOException {
            return provider.readAttributes(real(path), type, options);
        }

        @Override
        public Map<String, Object> readAttributes(
                Path path, String attributes, LinkOption... options) throws IOException {
            return provider.readAttributes(real(path), attributes, options);
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
                throws IOException {
            provider.setAttribute(real(path), attribute, value, options);
        }

        @Override
        public String getScheme() {
            return "faulty";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path getPath(URI uri) {
            throw new UnsupportedOperationException();
        }
    }

    final class FaultySystem extends FileSystem {
        private final FileSystem real = Path.of("/").getFileSystem();
        private final FaultyProvider provider = new FaultyProvider();

        @Override
        public FileSystemProvider provider() {
            return provider;
        }

        @Override
        public void close() {}

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public String getSeparator() {
            return real.getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return real.getRootDirectories();
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return real.getFileStores();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return real.supportedFileAttributeViews();
        }

        @Override
        public Path getPath(String first, String... more) {
            return new FaultyPath(real.getPath(first, more), this);
        }

        @Override
        public PathMatcher getPathMatcher(String pattern) {
            return real.getPathMatcher(pattern);
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            return real.getUserPrincipalLookupService();
        }

        @Override
        public WatchService newWatchService() throws IOException {
            return real.newWatchService();
        }
    }
}
