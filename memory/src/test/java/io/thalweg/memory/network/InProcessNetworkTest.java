package io.thalweg.memory.network;

import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.tck.transport.TransportSuite;

final class InProcessNetworkTest extends TransportSuite {

    @Override
    protected Transport open(TransportContext context) {
        return InProcessNetwork.open(context);
    }
}
