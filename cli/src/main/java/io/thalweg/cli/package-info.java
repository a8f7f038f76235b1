/**
 * The command line. One class per command, named after it; each reads its options, does its work through {@code client} or {@code broker}
 * and prints.
 *
 * <p>What a user sees goes to the terminal given to the command: results to standard output, everything else to standard error.
 */
package io.thalweg.cli;
