package dev.gantry.value;

/** A TCP port of this machine whose connections lead to a port in a container, until it is closed. Thread-safe. */
public interface ForwardedPort extends AutoCloseable {
    /** Returns the port of this machine. */
    int hostPort();

    /** Returns the port in the container. */
    int containerPort();

    /** Stops listening, and ends the connections. */
    @Override
    void close();
}
