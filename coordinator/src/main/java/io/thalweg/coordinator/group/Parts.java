package io.thalweg.coordinator.group;

import io.thalweg.spi.runtime.Clock;

/** What the parts of one coordinator share. */
record Parts(GroupConfig config, Clock clock, Alarms alarms, Groups groups, OffsetTable offsets, Writes writes) {}
