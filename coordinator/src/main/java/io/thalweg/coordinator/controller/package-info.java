/**
 * The controller: decides what a request changes, writes it to the metadata log, and replays the log into the image that every broker
 * follows.
 *
 * <p>A decider is a pure function of the image and a request; its answer is records and a reply. Only replaying a record that the log has
 * committed changes the image, so recovery, followers and the leader come to the same one.
 */
package io.thalweg.coordinator.controller;
