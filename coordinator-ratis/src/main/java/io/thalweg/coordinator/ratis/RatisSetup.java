package io.thalweg.coordinator.ratis;

import io.thalweg.spi.transport.Endpoint;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** The settings of Ratis, with the reason for each that is not as it comes. */
final class RatisSetup {

    /** The largest entry: the controller proposes up to 7 MiB, and a last request of as much. */
    static final int ENTRY_BYTES = 16 << 20;

    private static final TimeDuration FOR_EVER = TimeDuration.valueOf(10_000, TimeUnit.DAYS);
    private static final int SNAPSHOTS_KEPT = 2;
    private static final int SMALL_POOL = 4;

    private RatisSetup() {}

    static RaftProperties ofVoter(QuorumSettings settings, Endpoint listen) {
        var properties = new RaftProperties();
        RaftConfigKeys.Rpc.setType(properties, new PromptRpc());
        GrpcConfigKeys.Server.setHost(properties, listen.host());
        GrpcConfigKeys.Server.setPort(properties, listen.port());
        setSizes(properties, settings);
        setTimes(properties, settings);
        setHabits(properties);
        setThreads(properties);
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(settings.directory().toFile()));
        return properties;
    }

    static RaftProperties ofObserver(QuorumSettings settings) {
        var properties = new RaftProperties();
        RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
        RaftClientConfigKeys.Rpc.setRequestTimeout(
                properties, millis(settings.fetchTimeoutMillis() + 2 * ObserverAnswers.WAIT_MILLIS));
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("1gb"));
        return properties;
    }

    private static void setSizes(RaftProperties properties, QuorumSettings settings) {
        var entry = SizeInBytes.valueOf(ENTRY_BYTES);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(settings.segmentBytes()));
        RaftServerConfigKeys.Log.setPreallocatedSize(
                properties, SizeInBytes.valueOf(Math.min(1 << 20, settings.segmentBytes())));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, entry);
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(ENTRY_BYTES + Long.BYTES));
        // An observer that begins is told a whole snapshot at once.
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("1gb"));
    }

    private static void setTimes(RaftProperties properties, QuorumSettings settings) {
        // Heartbeats are sent at half of the shorter time.
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(settings.fetchTimeoutMillis() / 2));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(settings.fetchTimeoutMillis()));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(settings.electionTimeoutMillis() / 5));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(settings.electionTimeoutMillis() / 2));
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, millis(settings.fetchTimeoutMillis()));
        RaftServerConfigKeys.Notification.setNoLeaderTimeout(properties, millis(2L * settings.fetchTimeoutMillis()));
        // A process that stood still goes on: others lead by then. As it comes, Ratis would close after a minute.
        RaftServerConfigKeys.setCloseThreshold(properties, FOR_EVER);
    }

    private static void setHabits(RaftProperties properties) {
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        // Snapshots are taken when the controller offers one; what they stand for goes though a voter is away.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, SNAPSHOTS_KEPT);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        // Up to where is committed is heard from the leader; writing it would be a sync for each entry more.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    }

    /** There is one proposal at a time. The event loops are those all of gRPC shares: a close waits two seconds for loops of its own. */
    private static void setThreads(RaftProperties properties) {
        RaftServerConfigKeys.ThreadPool.setProxySize(properties, SMALL_POOL);
        RaftServerConfigKeys.ThreadPool.setServerSize(properties, SMALL_POOL);
        RaftServerConfigKeys.ThreadPool.setClientSize(properties, SMALL_POOL);
        GrpcConfigKeys.Server.setAsyncRequestThreadPoolSize(properties, SMALL_POOL);
    }

    private static TimeDuration millis(long millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }
}
