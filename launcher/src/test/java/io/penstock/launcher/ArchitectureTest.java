package io.penstock.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.penstock", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.penstock.launcher.(*)..").should().beFreeOfCycles();

    /** They run in processes of their own, as any tenant's program would. */
    @ArchTest
    static final ArchRule loadProcessesKnowNothingOfTheInstallation =
            noClasses()
                    .that()
                    .resideInAPackage("io.penstock.launcher.load")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.penstock.launcher.installation..",
                            "io.penstock.launcher.demo..",
                            "io.penstock.launcher.command..");

    @ArchTest
    static final ArchRule theLauncherMeetsTheOtherPartsAtTheirContractsOnly =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.penstock.broker..",
                            "io.penstock.provisioner..",
                            "io.penstock.controlplane..");
}
