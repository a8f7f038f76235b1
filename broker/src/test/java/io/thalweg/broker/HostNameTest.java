package io.thalweg.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;

final class HostNameTest {

    @Test
    void theMachinesOwnAddressesLeadToIt() throws Exception {
        assertThat(HostName.isOwn("localhost")).isTrue();
        assertThat(NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .map(InetAddress::getHostAddress))
                .isNotEmpty()
                .allMatch(HostName::isOwn);
    }

    @Test
    void othersDoNot() {
        // An address for documents, and a name that nobody can have.
        assertThat(HostName.isOwn("203.0.113.1")).isFalse();
        assertThat(HostName.isOwn("nobody.invalid")).isFalse();
    }
}
