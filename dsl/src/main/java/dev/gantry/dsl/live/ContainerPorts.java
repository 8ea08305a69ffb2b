package dev.gantry.dsl.live;

import dev.gantry.dsl.block.PublishedPort;
import dev.gantry.runtime.Container;
import dev.gantry.value.ForwardedPort;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The ports of this machine that lead to those of one container. Thread-safe. */
final class ContainerPorts implements AutoCloseable {
    private final Container container;
    private final Map<Integer, ForwardedPort> byPort = new ConcurrentHashMap<>();

    ContainerPorts(Container container) {
        this.container = container;
    }

    /** Opens one that the definition asks for. */
    void publish(PublishedPort wanted) {
        byPort.put(wanted.port(), container.forward(wanted.from(), wanted.port()));
    }

    /** Returns the port of this machine, which is opened if it has not been. */
    int of(int port) {
        return byPort.computeIfAbsent(port, container::forward).hostPort();
    }

    @Override
    public void close() {
        byPort.values().forEach(ForwardedPort::close);
    }
}
