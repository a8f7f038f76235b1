package io.thalweg.broker.config;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Warns once about each setting that is known and has no effect. Any thread may call it; it remembers a bounded number of names. */
public final class NoEffectWarnings {

    private static final int MAX_NAMES = 10_000;

    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final Consumer<String> log;

    /** Warnings that go to this log, a sentence each. */
    public NoEffectWarnings(Consumer<String> log) {
        this.log = log;
    }

    /** Warns about those of the names that the catalog knows, that have no effect and that it has not warned about yet. */
    public void check(ConfigScope scope, ConfigCatalog catalog, Collection<String> names) {
        for (var name : names) {
            var isIdle = catalog.find(name).isPresent() && !catalog.hasEffect(name);
            if (isIdle && warned.size() < MAX_NAMES && warned.add(scope + " " + name)) {
                log.accept("config " + name + ", set for " + owner(scope) + ", has no effect");
            }
        }
    }

    private static String owner(ConfigScope scope) {
        return scope == ConfigScope.CLUSTER ? scope.title() : "a " + scope.title();
    }
}
