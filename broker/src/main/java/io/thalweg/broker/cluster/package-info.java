/** This broker's part in a cluster: the way to a controller on another node, its membership, and what it says and hears of both. */
package io.thalweg.broker.cluster;
