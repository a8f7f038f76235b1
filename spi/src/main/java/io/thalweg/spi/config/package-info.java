/** Settings as typed keys: each is declared once, by its owner; the command line, the wire and the docs derive from it. */
package io.thalweg.spi.config;
