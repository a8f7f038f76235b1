/** What lies on disk, as Apache Kafka's own classes read and write it. */
package io.thalweg.integration.formats;
