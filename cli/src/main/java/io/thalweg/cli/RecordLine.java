package io.thalweg.cli;

import org.jspecify.annotations.Nullable;

/** A line of input as a record: its key, if it has one, and its value. */
record RecordLine(@Nullable String key, String value) {}
