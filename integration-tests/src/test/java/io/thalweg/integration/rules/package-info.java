/** The rules of the architecture as tests. */
package io.thalweg.integration.rules;
