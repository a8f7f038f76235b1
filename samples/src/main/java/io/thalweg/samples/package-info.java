/** The programs, each readable alone. What stands between {@code README:} and {@code end} is in the README word for word. */
package io.thalweg.samples;
