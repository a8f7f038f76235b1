/**
 * The Kafka wire as data. Does no I/O, starts no thread, keeps no state.
 *
 * <p>Messages are generated from the schema files of this module. Buffers of a decoded message are <em>lent</em>: they are
 * slices of its frame.
 *
 * <p>The compression libraries are optional: a batch compressed with a missing one is refused with a message that names the
 * artifact to add. On the module path they are also not resolved by themselves; name them in {@code --add-modules}.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.protocol {
    requires static transitive org.jspecify;
    requires static com.github.luben.zstd_jni;
    requires static org.lz4.java;
    requires static org.xerial.snappy;

    exports io.thalweg.protocol;
    exports io.thalweg.protocol.message;
    exports io.thalweg.protocol.record;
}
