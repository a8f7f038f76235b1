package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.Map;

/**
 * Why partitions are fetched no more.
 *
 * @param generations of the positions that it was about; nobody hears of it if all of them were sought or assigned anew since
 */
record FetchFailure(Map<TopicPartition, Integer> generations, ClientException reason) implements Fetched {

    FetchFailure {
        generations = Map.copyOf(generations);
    }
}
