/**
 * What an application imports: records, producers, consumers, the admin and their errors.
 *
 * <p>Has no dependencies and no implementation. {@link io.thalweg.api.Thalweg#connect(String)} finds one with the service loader; {@code
 * io.thalweg.client} is ours. Values are immutable. What may wait for a broker returns a stage; {@link io.thalweg.api.Thalweg#await} is the
 * way to wait for it.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.api {
    requires static transitive org.jspecify;

    exports io.thalweg.api;

    uses io.thalweg.api.ClientProvider;
}
