/** What all suites share. */
package io.thalweg.tck;
