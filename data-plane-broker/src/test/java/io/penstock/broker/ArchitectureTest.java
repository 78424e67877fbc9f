package io.penstock.broker;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

/** The layers that the package documentation draws, and who may touch Kafka's internals. */
class ArchitectureTest {

    private static final String ROOT = "io.penstock.broker.";

    /** From the top; those of one entry are side by side and do not know each other. */
    private static final List<List<String>> LAYERS =
            List.of(
                    List.of("app"),
                    List.of("handler"),
                    List.of("security"),
                    List.of("group", "transaction"),
                    List.of("replication"),
                    List.of("controller"),
                    List.of("metadata"),
                    List.of("log"),
                    List.of("zk"),
                    List.of("network"),
                    List.of("protocol"));

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.penstock.broker");
    }

    @Test
    void noPackageKnowsOneAboveIt() {
        for (int upper = 0; upper < LAYERS.size(); upper++) {
            for (int lower = upper + 1; lower < LAYERS.size(); lower++) {
                noClasses()
                        .that()
                        .resideInAnyPackage(packages(LAYERS.get(lower)))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(packages(LAYERS.get(upper)))
                        // The transaction coordinator has no class yet.
                        .allowEmptyShould(true)
                        .check(classes);
            }
        }
    }

    @Test
    void logAndNetworkDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "log..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "network..")
                .check(classes);
    }

    @Test
    void onlyProtocolAndGroupTouchKafkasInternals() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "protocol..", ROOT + "group..")
                .should()
                // The message classes' own collections extend an internal one.
                .dependOnClassesThat(
                        resideInAnyPackage(
                                        "org.apache.kafka.common.record.internal..",
                                        "org.apache.kafka.common.requests..",
                                        "org.apache.kafka.common.utils.internals..")
                                .and(not(equivalentTo(ImplicitLinkedHashCollection.class))))
                .check(classes);
    }

    private static String[] packages(List<String> names) {
        return names.stream().map(name -> ROOT + name + "..").toArray(String[]::new);
    }
}
