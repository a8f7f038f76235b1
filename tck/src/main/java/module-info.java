/**
 * Proof for plug-ins: abstract JUnit suites, one per SPI. A plug-in author extends one class, says how to open what is tested and what it
 * is able to do, and runs it. How it is run with Maven says {@link io.thalweg.tck}.
 *
 * <p>Each test names the promises it checks with {@link io.thalweg.tck.Verifies}; the sentences stand in the Javadoc of the SPI.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.tck {
    requires static transitive org.jspecify;
    requires transitive io.thalweg.spi;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;

    exports io.thalweg.tck;
    exports io.thalweg.tck.coordination;
    exports io.thalweg.tck.runtime;
    exports io.thalweg.tck.storage;
    exports io.thalweg.tck.transport;

    // JUnit calls the tests, which are package-private, from its own module.
    opens io.thalweg.tck.coordination;
    opens io.thalweg.tck.storage;
    opens io.thalweg.tck.transport;
}
