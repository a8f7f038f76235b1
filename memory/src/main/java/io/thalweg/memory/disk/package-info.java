/**
 * A disk in memory that can lose its power: what a file system that keeps its promises, and no more than those, may leave after a crash.
 *
 * <p>{@code storage-file} is tested on it, and every node of a simulated cluster has one.
 */
package io.thalweg.memory.disk;
