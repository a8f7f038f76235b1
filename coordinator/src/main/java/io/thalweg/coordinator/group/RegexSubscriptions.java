package io.thalweg.coordinator.group;

import io.thalweg.coordinator.metadata.MetadataImage;

/** Keeps what regular expressions match in step with the topics there are. Confined to one decision. */
final class RegexSubscriptions {

    /** Topics may come by the hundred; what they match is looked up no more often than this. */
    static final long REFRESH_MILLIS = 10_000;

    private final Draft draft;
    private final MetadataImage image;
    private final long nowMillis;

    RegexSubscriptions(Draft draft, MetadataImage image, long nowMillis) {
        this.draft = draft;
        this.image = image;
        this.nowMillis = nowMillis;
    }

    /** Forgets what nobody subscribes to any more, and looks up what somebody has only just subscribed to. */
    void follow() {
        var group = draft.group();
        var subscribed = group.subscribedRegexes();
        for (var regex : group.regexes().keySet()) {
            if (!subscribed.contains(regex)) {
                draft.add(ConsumerGroupRecords.withoutRegex(group.id(), regex));
            }
        }
        for (var regex : subscribed) {
            if (!draft.group().regexes().containsKey(regex)) {
                lookUp(regex);
            }
        }
    }

    /** Whether topics have come or gone that an expression matches. */
    boolean refresh() {
        var hasChanged = false;
        for (var each : draft.group().regexes().entrySet()) {
            if (!TopicLookup.matching(each.getKey(), image)
                    .equals(each.getValue().topics())) {
                lookUp(each.getKey());
                hasChanged = true;
            }
        }
        return hasChanged;
    }

    private void lookUp(String regex) {
        var resolved = new ConsumerGroup.ResolvedRegex(TopicLookup.matching(regex, image), 0, nowMillis);
        draft.add(ConsumerGroupRecords.regex(draft.group().id(), regex, resolved));
    }
}
