/**
 * The transport over TCP, on Netty.
 *
 * <p>Epoll is used where it is available, else NIO; the log says which. Epoll's native half is in a jar that no module requires, so
 * on the module path a launcher must name it, or NIO is what is left:
 *
 * <pre>{@code --add-modules io.netty.transport.epoll.linux.x86_64}</pre>
 *
 * <p>or {@code ...linux.aarch_64}. From JDK 24 on, {@code --enable-native-access=io.netty.common} keeps the JVM from warning about it.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.transport.netty {
    requires static transitive org.jspecify;
    requires transitive io.thalweg.spi;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires org.slf4j;

    exports io.thalweg.transport.netty;

    provides io.thalweg.spi.transport.TransportProvider with
            io.thalweg.transport.netty.NettyTransportProvider;
}
