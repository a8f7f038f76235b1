package io.thalweg.broker;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** By what names the machine goes. */
final class HostName {

    private HostName() {}

    /** The machine's own name if it resolves, else {@code localhost}: what a listener on every address advertises unless told otherwise. */
    static String find() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Whether this name, or address, leads to this machine and to no other, as one that several share would. */
    static boolean isOwn(String host) {
        try {
            for (var address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress() && NetworkInterface.getByInetAddress(address) == null) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }
}
