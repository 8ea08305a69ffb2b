package dev.gantry.dsl.live;

import dev.gantry.dsl.rehearsal.UnknownValue;
import dev.gantry.io.OutputSearch;
import dev.gantry.runtime.Container;
import dev.gantry.value.Definition;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A life that is only tried: nothing is made, and what the container would answer ends the statement that asks. */
final class RehearsedLife extends ContainerLife {
    private final LiveTerminals terminals;
    private boolean isMade;

    RehearsedLife(Session session, String id, Definition definition) {
        super(session, id, definition);
        this.terminals = new LiveTerminals(session, id);
    }

    @Override
    Container made() {
        if (isMade) {
            throw new UnknownValue();
        }
        return null;
    }

    @Override
    Container live(String operation) {
        throw new UnknownValue();
    }

    @Override
    void requireLive() {
        throw new UnknownValue();
    }

    @Override
    void create() {
        make("create");
    }

    @Override
    void start() {
        make("start");
    }

    /** Finds out whether the container could be made here, as far as that can be known. */
    private void make(String operation) {
        terminals.sized(operation, definition());
        isMade = true;
    }

    @Override
    int run() {
        requireEnd();
        make("run");
        throw new UnknownValue();
    }

    @Override
    <T> T whileStarted(String operation, Supplier<T> body) {
        start();
        return body.get();
    }

    @Override
    void pause() {
        requireLive();
    }

    @Override
    void resume() {
        requireLive();
    }

    @Override
    void delete(boolean force) {
        requireLive();
    }

    @Override
    int waitFor(Duration limit) {
        throw new UnknownValue();
    }

    @Override
    int stop(Duration grace) {
        throw new UnknownValue();
    }

    @Override
    String logs() {
        throw new UnknownValue();
    }

    @Override
    OutputSearch search(String operation, Pattern pattern) {
        throw new UnknownValue();
    }

    @Override
    int port(int port) {
        throw new UnknownValue();
    }

    @Override
    void shell(String... command) {
        requireLive();
    }

    @Override
    void attach() {
        requireLive();
    }

    @Override
    void onExit(Consumer<? super Integer> listener) {
        requireLive();
    }

    @Override
    void onOom(Runnable listener) {
        requireLive();
    }

    @Override
    void listen(Consumer<? super ContainerEvent> listener) {
        requireLive();
    }

    @Override
    ExecRequest request(String method, Map<String, ?> options, String... command) {
        return ExecRequest.of(method, definition().config().process(), options, session(), null);
    }
}
