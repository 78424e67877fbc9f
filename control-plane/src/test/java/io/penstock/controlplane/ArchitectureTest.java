package io.penstock.controlplane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;

/** The directions between packages; a port belongs to the package that needs it. */
class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.penstock.controlplane");

    @Test
    void theBrokerAndKafkaItselfAreReachedByProtocolOnly() {
        assertThat(CLASSES).isNotEmpty();
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.penstock.broker..", "org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.penstock.controlplane.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void packagesDependDownwardsOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("connections")
                .definedBy("..controlplane.connections..")
                .layer("features")
                .definedBy(
                        "..controlplane.topics..",
                        "..controlplane.access..",
                        "..controlplane.groups..")
                .layer("clusters")
                .definedBy("..controlplane.clusters..")
                .layer("platform")
                .definedBy("..controlplane.platform..")
                .layer("operations")
                .definedBy("..controlplane.operations..")
                .layer("tenancy")
                .definedBy("..controlplane.tenancy..")
                .layer("foundation")
                .definedBy("..controlplane.api..", "..controlplane.installation..")
                .whereLayer("connections")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("features")
                .mayOnlyBeAccessedByLayers("connections")
                .whereLayer("clusters")
                .mayOnlyBeAccessedByLayers("connections", "features")
                .whereLayer("platform")
                .mayOnlyBeAccessedByLayers("connections", "features", "clusters")
                .whereLayer("operations")
                .mayOnlyBeAccessedByLayers("connections", "features", "clusters", "platform")
                .whereLayer("tenancy")
                .mayOnlyBeAccessedByLayers(
                        "connections", "features", "clusters", "platform", "operations")
                .check(CLASSES);
    }

    @Test
    void anEntityIsItsFeaturesOwn() {
        for (var feature : new String[] {"clusters", "operations", "access"}) {
            classes()
                    .that()
                    .resideInAPackage("..controlplane." + feature + "..")
                    .and()
                    .haveSimpleNameEndingWith("Entity")
                    .should()
                    .onlyBeAccessed()
                    .byAnyPackage("..controlplane." + feature + "..")
                    .check(CLASSES);
        }
    }
}
