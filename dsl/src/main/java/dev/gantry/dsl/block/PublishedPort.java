package dev.gantry.dsl.block;

import dev.gantry.oci.OciConfig;
import dev.gantry.plan.GantryAnnotations;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A TCP port of this machine that leads to one in a container; in a config it is {@code ADDRESS:HOST_PORT:PORT} in the
 * annotation {@link GantryAnnotations#PUBLISH}.
 *
 * @param address of this machine, IPv4
 * @param hostPort 0 for one that is free
 * @param port in the container
 */
public record PublishedPort(String address, int hostPort, int port) {
    static final String LOOPBACK = "127.0.0.1";

    private static final Pattern IPV4 = Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)".repeat(4));

    /** Returns what a config asks for. */
    public static List<PublishedPort> of(OciConfig config) {
        String all = config.annotations().getOrDefault(GantryAnnotations.PUBLISH, "");
        return Arrays.stream(all.split(","))
                .filter(text -> !text.isEmpty())
                .map(text -> text.split(":"))
                .map(parts -> new PublishedPort(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2])))
                .toList();
    }

    static boolean isAddress(String text) {
        return IPV4.matcher(text).matches();
    }

    /** Returns where connections are taken. */
    public InetSocketAddress from() {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), hostPort); // asks nobody: it is a number
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    String text() {
        return "%s:%d:%d".formatted(address, hostPort, port);
    }
}
