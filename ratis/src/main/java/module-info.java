/**
 * Apache Ratis, a Raft library, with all that it carries along (gRPC, Netty and Protocol Buffers under names of its own), as one module.
 *
 * <p>Its jars share packages, so that they cannot be modules themselves. Nothing is changed but what is left out: see the module's pom.
 */
module io.thalweg.ratis {
    requires java.logging;
    requires java.management;
    requires static java.naming;
    requires static java.sql;
    requires static jdk.management;
    requires jdk.unsupported;
    requires org.slf4j;

    exports org.apache.ratis;
    exports org.apache.ratis.client;
    exports org.apache.ratis.client.api;
    exports org.apache.ratis.conf;
    exports org.apache.ratis.grpc;
    exports org.apache.ratis.grpc.server;
    exports org.apache.ratis.io;
    exports org.apache.ratis.proto;
    exports org.apache.ratis.protocol;
    exports org.apache.ratis.protocol.exceptions;
    exports org.apache.ratis.retry;
    exports org.apache.ratis.rpc;
    exports org.apache.ratis.server;
    exports org.apache.ratis.server.leader;
    exports org.apache.ratis.server.protocol;
    exports org.apache.ratis.server.raftlog;
    exports org.apache.ratis.server.storage;
    exports org.apache.ratis.statemachine;
    exports org.apache.ratis.statemachine.impl;
    exports org.apache.ratis.thirdparty.com.google.protobuf;
    exports org.apache.ratis.util;
    exports org.apache.ratis.util.function;

    uses org.apache.ratis.metrics.MetricRegistries;
    uses org.apache.ratis.thirdparty.io.grpc.LoadBalancerProvider;
    uses org.apache.ratis.thirdparty.io.grpc.ManagedChannelProvider;
    uses org.apache.ratis.thirdparty.io.grpc.NameResolverProvider;
    uses org.apache.ratis.thirdparty.io.grpc.ServerProvider;

    provides org.apache.ratis.metrics.MetricRegistries with
            org.apache.ratis.metrics.impl.MetricRegistriesImpl;
    provides org.apache.ratis.thirdparty.io.grpc.LoadBalancerProvider with
            org.apache.ratis.thirdparty.io.grpc.internal.PickFirstLoadBalancerProvider,
            org.apache.ratis.thirdparty.io.grpc.util.SecretRoundRobinLoadBalancerProvider.Provider,
            org.apache.ratis.thirdparty.io.grpc.util.OutlierDetectionLoadBalancerProvider,
            org.apache.ratis.thirdparty.io.grpc.util.RandomSubsettingLoadBalancerProvider;
    provides org.apache.ratis.thirdparty.io.grpc.ManagedChannelProvider with
            org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelProvider;
    provides org.apache.ratis.thirdparty.io.grpc.NameResolverProvider with
            org.apache.ratis.thirdparty.io.grpc.internal.DnsNameResolverProvider;
    provides org.apache.ratis.thirdparty.io.grpc.ServerProvider with
            org.apache.ratis.thirdparty.io.grpc.netty.NettyServerProvider;
}
