/** What the broker knows of its cluster: the published image, and the partitions that the image's topics have here. */
package io.thalweg.broker.metadata;
