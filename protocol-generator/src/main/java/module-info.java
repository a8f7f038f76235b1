/**
 * Turns schema files into message types, at build time only.
 *
 * <p>Exports nothing: a build calls the main class. It never runs inside a broker or client.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.protocol.generator {
    requires static transitive org.jspecify;
}
