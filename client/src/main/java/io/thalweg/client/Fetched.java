package io.thalweg.client;

/** What a fetch brought about, in the order in which it is polled. */
sealed interface Fetched permits FetchedChunk, FetchFailure {}
