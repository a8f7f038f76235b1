package io.thalweg.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Loads the classes of a server's start on a second processor, a little ahead of the start itself.
 *
 * <p>Where there is no archive of loaded classes, a third of a start is finding and checking some thousand of them, one after the other.
 * Their names are in a file, in the order in which a start asks for them ({@code cli/src/build/start-classes} writes it). The start does
 * not depend on it: what is missing there is loaded when it is needed.
 */
final class ClassesAhead {

    /** Set by the launcher where it has no archive. */
    private static final String ASKED = "thalweg.classes.ahead";

    private static final String NAMES = "start-classes.txt";

    private ClassesAhead() {}

    /** Begins if the launcher wants it; the thread ends by itself. */
    static void beginIfAsked() {
        if (Boolean.getBoolean(ASKED)) {
            var thread = new Thread(ClassesAhead::loadAll, "thalweg-classes");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The file of names. */
    static InputStream names() {
        var names = ClassesAhead.class.getResourceAsStream(NAMES);
        if (names == null) {
            throw new IllegalStateException(NAMES + " is missing beside " + ClassesAhead.class.getName());
        }
        return names;
    }

    private static void loadAll() {
        try (var lines = new BufferedReader(new InputStreamReader(names(), StandardCharsets.US_ASCII))) {
            for (var name = lines.readLine(); name != null; name = lines.readLine()) {
                load(name);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + NAMES, e);
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, ClassesAhead.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // Another JDK or another machine's libraries: the start will not ask for it either.
        }
    }
}
