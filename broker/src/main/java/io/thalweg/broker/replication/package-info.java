/** What a leader derives from what its replicas tell it: who is in sync, and how far everything is committed. Pure: no I/O, no threads. */
package io.thalweg.broker.replication;
