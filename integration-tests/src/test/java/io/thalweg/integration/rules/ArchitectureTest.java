package io.thalweg.integration.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may see whom, and what nobody may ask the world for directly; docs/ARCHITECTURE.md in short. */
final class ArchitectureTest {

    private static final String[] DETERMINISTIC = {
        "io.thalweg.broker..", "io.thalweg.coordinator..", "io.thalweg.storage.file.."
    };
    private static final String[] PLUG_INS = {
        "io.thalweg.storage.file..", "io.thalweg.transport.netty..", "io.thalweg.memory.."
    };

    /** Ratis has threads, a clock and files of its own, so that no simulator runs it. */
    private static final String RATIS = "io.thalweg.coordinator.ratis..";

    private static JavaClasses classes;
    private static JavaClasses ratis;

    @BeforeAll
    static void importClasses() {
        var all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.thalweg");
        classes = all.that(JavaClass.Predicates.resideOutsideOfPackage(RATIS));
        ratis = all.that(JavaClass.Predicates.resideInAPackage(RATIS));
    }

    @Test
    void theRatisQuorumSeesTheSpiOnly() {
        noClasses()
                .that()
                .resideInAPackage(RATIS)
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("io.thalweg..")
                        .and(JavaClass.Predicates.resideOutsideOfPackages(RATIS, "io.thalweg.spi..")))
                .check(ratis);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.ratis..")
                .check(classes);
    }

    @Test
    void contractsSeeNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("io.thalweg.spi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.thalweg.protocol..", "io.thalweg.broker..", "io.thalweg.coordinator..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("io.thalweg.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.thalweg.spi..", "io.thalweg.broker..", "io.thalweg.coordinator..")
                .check(classes);
    }

    @Test
    void plugInsSeeNeitherTheBrokerNorEachOther() {
        for (var plugIn : PLUG_INS) {
            noClasses()
                    .that()
                    .resideInAPackage(plugIn)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.thalweg.broker..", "io.thalweg.coordinator..", "io.thalweg.client..")
                    .check(classes);
            for (var other : PLUG_INS) {
                if (!other.equals(plugIn)) {
                    noClasses()
                            .that()
                            .resideInAPackage(plugIn)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(other)
                            .check(classes);
                }
            }
        }
    }

    @Test
    void theEngineNamesNoPlugIn() {
        noClasses()
                .that()
                .resideInAnyPackage("io.thalweg.broker..", "io.thalweg.coordinator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PLUG_INS)
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("io.thalweg.coordinator..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.thalweg.broker..")
                .check(classes);
    }

    @Test
    void theApiSeesNothingButTheJdk() {
        noClasses()
                .that()
                .resideInAPackage("io.thalweg.api..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("io.thalweg.api..", "java..", "org.jspecify..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("io.thalweg.client..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.thalweg.broker..", "io.thalweg.coordinator..", "io.thalweg.storage..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("io.thalweg.client..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PLUG_INS)
                .check(classes);
    }

    @Test
    void theSpiHasNoThirdPartyTypes() {
        noClasses()
                .that()
                .resideInAPackage("io.thalweg.spi..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("io.thalweg.spi..", "java..", "org.jspecify..")
                .check(classes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.thalweg.broker.(*)..", "io.thalweg.coordinator.(*)..", "io.thalweg.spi.(*).."})
    void packagesHaveNoCycles(String pattern) {
        slices().matching(pattern).should().beFreeOfCycles().check(classes);
    }

    /** The one place where the real clock, threads and randomness are made. */
    private static boolean isWiring(String className) {
        return className.startsWith("io.thalweg.broker.runtime.")
                || List.of(
                                "io.thalweg.broker.Assembly",
                                "io.thalweg.broker.HostName",
                                "io.thalweg.storage.file.LocalDisk")
                        .stream()
                        .anyMatch(wiring -> className.equals(wiring) || className.startsWith(wiring + "$"));
    }

    @Test
    void nobodyAsksTheWorldDirectly() {
        noClasses()
                .that()
                .resideInAnyPackage(DETERMINISTIC)
                .and(DescribedPredicate.describe("are not wiring", type -> !isWiring(type.getName())))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(CompletableFuture.class, "orTimeout", long.class, TimeUnit.class)
                .orShould()
                .callMethod(CompletableFuture.class, "completeOnTimeout", Object.class, long.class, TimeUnit.class)
                .orShould()
                .callMethod(CompletableFuture.class, "runAsync", Runnable.class)
                .orShould()
                .callMethod(CompletableFuture.class, "supplyAsync", Supplier.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Files")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.Executors")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.net")
                .check(classes);
    }
}
