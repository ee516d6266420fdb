package dev.pando.server.auth;

import dev.pando.core.hba.Network;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine's addresses with their networks, for {@code samehost} and {@code samenet}; read when rules are. */
final class OwnNetworks {
    private static final Logger LOG = LoggerFactory.getLogger(OwnNetworks.class);

    private OwnNetworks() {}

    static List<Network> now() {
        List<Network> networks = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InterfaceAddress address : each.getInterfaceAddresses()) {
                    networks.add(Network.of(address.getAddress(), address.getNetworkPrefixLength()));
                }
            }
        } catch (SocketException e) {
            LOG.warn("network interfaces cannot be read, samehost and samenet hold for nobody: {}", e.toString());
        }
        return networks;
    }
}
