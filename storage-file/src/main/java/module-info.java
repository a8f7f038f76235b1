/**
 * The default storage: each partition a directory of segments with sparse indexes on local disk, in Kafka's file formats.
 *
 * <p>The way in is {@link io.thalweg.storage.file.FileStorage}; everything else is private to the module.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.storage.file {
    requires static transitive org.jspecify;
    requires transitive io.thalweg.spi;
    requires io.thalweg.protocol;
    requires org.slf4j;
    requires static com.google.errorprone.annotations;

    exports io.thalweg.storage.file;

    provides io.thalweg.spi.storage.StorageProvider with
            io.thalweg.storage.file.FileStorage;
}
