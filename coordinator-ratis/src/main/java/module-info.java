/**
 * The metadata log of servers that form a cluster: a Raft quorum on Apache Ratis.
 *
 * <p>Exports nothing; it is found through its provider, whose name is {@code ratis}.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.coordinator.ratis {
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;
    requires io.thalweg.ratis;
    requires io.thalweg.spi;
    requires org.slf4j;

    // The kind of its transport is made by Ratis, by its name.
    opens io.thalweg.coordinator.ratis to
            io.thalweg.ratis;

    provides io.thalweg.spi.coordination.MetadataLogProvider with
            io.thalweg.coordinator.ratis.RatisQuorum;
}
