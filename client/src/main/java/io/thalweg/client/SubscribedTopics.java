package io.thalweg.client;

import io.thalweg.api.Subscription;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The topics that a member reads, by their names or by a pattern that names match. Owned by the loop. */
final class SubscribedTopics {

    private static final long LISTING_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final ClientRuntime runtime;
    private final MetadataCache metadata;
    private final Set<String> named;
    private final @Nullable Pattern pattern;
    private boolean isListing;

    SubscribedTopics(ClientRuntime runtime, MetadataCache metadata, Subscription<?, ?> subscription) {
        this.runtime = runtime;
        this.metadata = metadata;
        this.named = subscription.topics();
        this.pattern = subscription.pattern().map(Pattern::compile).orElse(null);
    }

    Optional<String> pattern() {
        return Optional.ofNullable(pattern).map(Pattern::pattern);
    }

    /** Those named; or those known that match, brokers' own topics aside. */
    Set<String> names() {
        var matched = pattern;
        if (matched == null) {
            return named;
        }
        var names = new TreeSet<String>();
        for (var topic : metadata.image().topics().values()) {
            if (!topic.isInternal() && matched.matcher(topic.name()).matches()) {
                names.add(topic.name());
            }
        }
        return names;
    }

    /** Has brokers asked for what is named; or for all topics, once in a second at most. */
    void refresh() {
        if (pattern == null) {
            named.forEach(metadata::refresh);
        } else if (!isListing) {
            isListing = true;
            var unused = listed().whenComplete(
                            (answer, failure) -> runtime.after(LISTING_PAUSE_NANOS, () -> isListing = false));
        }
    }

    private CompletableFuture<?> listed() {
        try {
            return metadata.ask(null);
        } catch (ClientException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Asks for what is missing of the names. */
    void refreshMissing() {
        named.stream().filter(name -> metadata.image().topic(name).isEmpty()).forEach(metadata::refresh);
    }
}
