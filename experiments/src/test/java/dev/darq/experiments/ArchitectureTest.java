package dev.darq.experiments;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The order of the modules, and the ways into DJL that lose gradients. */
class ArchitectureTest {
    private static final String KERNELS = "dev.darq.kernels..";
    private static final String QUANTIZERS = "dev.darq.quantizers..";
    private static final String SEARCH = "dev.darq.search..";
    private static final String EXPERIMENTS = "dev.darq.experiments..";
    private static final JavaClasses DARQ = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.darq");

    /** Each of these keeps a pointer to Java memory, which the collector may free before backward reads it. */
    private static final Set<String> WRAPPING = Set.of("mul", "muli", "div", "divi", "pow", "powi", "maximum",
            "minimum");

    @Test
    void everyModuleWasSeen() {
        for (String module : Set.of("kernels", "quantizers", "search", "experiments")) {
            assertEquals(true, DARQ.stream().anyMatch(type -> type.getPackageName().startsWith("dev.darq." + module)),
                    module);
        }
    }

    @Test
    void arrowsPointOneWay() {
        noClasses().that().resideInAPackage(KERNELS).should().dependOnClassesThat()
                .resideInAnyPackage(QUANTIZERS, SEARCH, EXPERIMENTS).check(DARQ);
        noClasses().that().resideInAPackage(QUANTIZERS).should().dependOnClassesThat()
                .resideInAnyPackage(SEARCH, EXPERIMENTS).check(DARQ);
        noClasses().that().resideInAPackage(SEARCH).should().dependOnClassesThat().resideInAPackage(EXPERIMENTS)
                .check(DARQ);
    }

    @Test
    void theKernelsNeedOnlyTheJdkAndAJsonParser() {
        classes().that().resideInAPackage(KERNELS).should().onlyDependOnClassesThat()
                .resideInAnyPackage(KERNELS, "java..", "jdk.incubator.vector..", "com.fasterxml.jackson.core..",
                        "org.jspecify..")
                .check(DARQ);
    }

    @Test
    void gradientsAreNotLostToJavaMemory() {
        gradientRule(QUANTIZERS, SEARCH).check(DARQ);
    }

    @Test
    void theGradientRuleNoticesEachWay() {
        JavaClasses wrong = new ClassFileImporter().importClasses(Wrong.class);
        AssertionError error = assertThrows(AssertionError.class, () -> gradientRule(EXPERIMENTS).check(wrong));
        assertEquals(7, String.valueOf(error.getMessage()).lines().filter(line -> line.startsWith("Method <")).count(),
                error.getMessage());
    }

    private static ArchRule gradientRule(String... packages) {
        DescribedPredicate<JavaMethodCall> number = describe("an NDArray method that wraps a Number",
                call -> call.getTargetOwner().isAssignableTo(NDArray.class) && WRAPPING.contains(call.getName())
                        && call.getTarget().getRawParameterTypes().stream()
                                .anyMatch(type -> type.isEquivalentTo(Number.class)));
        DescribedPredicate<JavaMethodCall> array = describe("an NDManager.create that wraps Java memory",
                call -> call.getTargetOwner().isAssignableTo(NDManager.class) && call.getName().equals("create")
                        && call.getTarget().getRawParameterTypes().stream().anyMatch(ArchitectureTest::isJavaMemory));
        return noClasses().that().resideInAnyPackage(packages).and()
                .haveNameNotMatching("dev\\.darq\\.quantizers\\.Constants")
                .should().callMethodWhere(number).orShould().callMethodWhere(array)
                .because(
                        "backward would read memory that Java has freed; take constants from dev.darq.quantizers.Constants");
    }

    private static boolean isJavaMemory(JavaClass type) {
        return type.isArray() || type.isPrimitive() || type.isAssignableTo(java.nio.Buffer.class)
                || type.isEquivalentTo(Number.class);
    }

    /** What the rule is for. */
    @SuppressWarnings("unused")
    private static final class Wrong {
        static void use(NDArray x, NDManager manager) {
            x.mul(2);
            x.divi(2f);
            x.pow(2.0);
            x.maximum(0);
            manager.create(1f);
            manager.create(new float[] {1});
            manager.create(new float[] {1}, x.getShape());
        }

        static void allowed(NDArray x, NDManager manager) {
            x.mul(x);
            x.add(1);
            x.maximum(x);
            manager.create(x.getShape());
        }
    }
}
