package io.thalweg.integration.processes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One address of a server in a {@link CuttableNetwork}: passes on what comes, in threads of its own, while the way is free. */
final class Relay implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int BACKLOG = 200;

    private final CuttableNetwork network;
    private final int server;
    private final int target;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Relay(CuttableNetwork network, int server, int target, ServerSocket listening) {
        this.network = network;
        this.server = server;
        this.target = target;
        this.listening = listening;
    }

    static Relay open(CuttableNetwork network, int server, int target) throws IOException {
        var listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        var relay = new Relay(network, server, target, listening);
        start(relay::accept);
        return relay;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                var near = listening.accept();
                open.add(near);
                start(() -> relay(near));
            }
        } catch (IOException e) {
            closeAll();
        }
    }

    private void relay(Socket near) {
        try {
            var opener = network.opener(near.getPort());
            network.awaitWay(opener, server);
            var far = new Socket();
            open.add(far);
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            start(() -> pass(far, near, server, opener));
            pass(near, far, opener, server);
        } catch (IOException e) {
            close(near);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(Socket from, Socket to, int speaker, int hearer) {
        var buffer = new byte[BUFFER_BYTES];
        try {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                network.awaitWay(speaker, hearer);
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // One of the two has gone; so does the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close(from);
        close(to);
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void closeAll() {
        open.forEach(this::close);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        closeAll();
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
