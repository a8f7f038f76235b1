package io.thalweg.cli;

/**
 * An openly licensed file inside a published npm package.
 *
 * @param entry where the file is in the package's archive
 * @param sha256 of the file, in hexadecimal: anything else is not used
 * @param keyField the field that the demo takes as key
 * @param source who made the data
 * @param licence what allows us to use it
 */
record Dataset(
        String packageName,
        String version,
        String entry,
        String sha256,
        String keyField,
        String source,
        String licence) {

    /** 231,083 flights within the United States: date, delay, distance, origin, destination. */
    static final Dataset FLIGHTS = new Dataset(
            "vega-datasets",
            "2.7.0",
            "package/data/flights-3m.csv",
            "f8d78857e2e74365f7d3df0582ce420b0e9fa096f416ccbd9074e0a2fcb03736",
            "origin",
            "U.S. Bureau of Transportation Statistics, airline on-time performance",
            "data: work of the U.S. government, public domain; package vega-datasets: BSD-3-Clause");

    String fileName() {
        return entry.substring(entry.lastIndexOf('/') + 1);
    }

    /** Its name in the cache. */
    String cacheName() {
        return packageName + "-" + version + "-" + fileName();
    }

    @Override
    public String toString() {
        return fileName() + " of " + packageName + " " + version;
    }
}
