package io.thalweg.cli;

import java.io.IOException;
import java.nio.file.Path;

/** Where a published npm package can be had. */
interface PackageSource {

    /** What to call it when it fails. */
    String name();

    /** Puts the package's archive into the directory; gives its path. */
    Path fetch(String packageName, String version, Path directory) throws IOException;
}
