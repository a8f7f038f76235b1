/** The broker's settings. */
package io.thalweg.broker.config;
