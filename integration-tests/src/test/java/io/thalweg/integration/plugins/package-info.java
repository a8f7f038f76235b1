/** Stock clients of a broker on plug-ins that others have written. */
@org.jspecify.annotations.NullMarked
package io.thalweg.integration.plugins;
