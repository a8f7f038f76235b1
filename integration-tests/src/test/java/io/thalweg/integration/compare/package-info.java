/** The same requests to Thalweg and to Apache Kafka, and what they answer. */
package io.thalweg.integration.compare;
