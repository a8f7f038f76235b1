package io.thalweg.api;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The headers of a record, in order.
 *
 * @param all the headers; a name may occur more than once
 */
public record Headers(List<Header> all) implements Iterable<Header> {

    /** No headers. */
    public static final Headers NONE = new Headers(List.of());

    /** Copies the list. */
    public Headers {
        all = List.copyOf(all);
    }

    /** These headers. */
    public static Headers of(Header... headers) {
        return headers.length == 0 ? NONE : new Headers(List.of(headers));
    }

    /** These and one more behind them. */
    public Headers with(Header header) {
        var more = new ArrayList<>(all);
        more.add(header);
        return new Headers(more);
    }

    /** The last header of this name, which is the one that counts where only one can. */
    public Optional<Header> last(String name) {
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).name().equals(name)) {
                return Optional.of(all.get(i));
            }
        }
        return Optional.empty();
    }

    /** The last header of this name as UTF-8. */
    public Optional<String> text(String name) {
        return last(name).map(Header::text);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    @Override
    public Iterator<Header> iterator() {
        return all.iterator();
    }
}
