package dev.gantry.io;

import dev.gantry.kernel.Kernel;
import java.io.OutputStream;

/** Passes on what any number of containers write, on one thread, which starts with the first of them. */
public final class OutputPump implements AutoCloseable {
    private final Kernel kernel;
    private final EventLoop<ContainerOutput> loop;

    public OutputPump(Kernel kernel) {
        this.kernel = kernel;
        this.loop = new EventLoop<>(kernel, "gantry-output", (output, token) -> output.drain());
    }

    /** Makes an output whose receivers stay the caller's and are written to on the pump's thread. */
    public ContainerOutput open(OutputStream out, OutputStream err) {
        loop.removeIf(ContainerOutput::isDone);
        ContainerOutput output = new ContainerOutput(kernel, out, err);
        loop.add(output, output.outEnd(), Kernel.POLLIN);
        loop.add(output, output.errEnd(), Kernel.POLLIN);
        return output;
    }

    @Override
    public void close() {
        loop.close();
        loop.sources().forEach(ContainerOutput::close);
    }
}
