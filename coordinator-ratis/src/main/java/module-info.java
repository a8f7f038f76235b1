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

    provides io.thalweg.spi.coordination.MetadataLogProvider with
            io.thalweg.coordinator.ratis.RatisQuorum;
}
