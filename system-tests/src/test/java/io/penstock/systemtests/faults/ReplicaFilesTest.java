package io.penstock.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

@Tag("system")
@Tag("faults")
class ReplicaFilesTest {
    private static final String FIRST = "00000000000000000000.log";
    private static final String SECOND = "00000000000000000007.log";

    @TempDir private Path folder;

    @Test
    void theSameBytesInOtherSegmentsAreTheSame() throws IOException {
        write("one", FIRST, "abcd");
        write("one", SECOND, "ef");
        write("two", FIRST, "abcdef");
        write("two", "00000000000000000000.index", "of its own");

        assertThat(compare()).isEmpty();
    }

    @Test
    void anotherByteIsNamedByItsPlace() throws IOException {
        write("one", FIRST, "abcdef");
        write("two", FIRST, "abcxef");

        assertThat(compare())
                .singleElement()
                .extracting(Violation::evidence)
                .asString()
                .contains("orders-0", "from byte 3 on");
    }

    @Test
    void aMissingEndAndAMissingFolderAreDifferences() throws IOException {
        write("one", FIRST, "abcdef");
        write("two", FIRST, "abc");
        assertThat(compare()).hasSize(1);

        Files.delete(folder.resolve("two/orders-0").resolve(FIRST));
        assertThat(compare()).hasSize(1);
    }

    private List<Violation> compare() throws IOException {
        return ReplicaFiles.compare(
                List.of(folder.resolve("one"), folder.resolve("two")), "orders", 1);
    }

    private void write(String broker, String file, String content) throws IOException {
        var partition = Files.createDirectories(folder.resolve(broker).resolve("orders-0"));
        Files.writeString(partition.resolve(file), content, StandardCharsets.US_ASCII);
    }
}
