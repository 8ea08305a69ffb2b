package dev.gantry.dsl.live;

import dev.gantry.kernel.ExitStatus;
import dev.gantry.runtime.Container;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Who wants to hear what happens to one container, whichever life it is in. Thread-safe. */
final class LiveEvents {
    private static final int NONE = -1;

    private final Session session;
    private final String id;
    private final List<Consumer<? super ContainerEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Container>> subscriptions = new CopyOnWriteArrayList<>();
    private Container watched;
    private volatile boolean expectsEnd;

    LiveEvents(Session session, String id) {
        this.session = session;
        this.id = id;
    }

    /** Calls a listener, on the thread of the script's handlers, from now on. */
    void listen(Container container, Consumer<? super ContainerEvent> listener) {
        listeners.add(listener);
        if (container != null) {
            watch(container);
        }
    }

    /** Calls a listener with the exit status, or -1 if only another process knows it, whenever the container ends. */
    void onExit(Container container, Consumer<? super Integer> listener) {
        subscribe(
                container,
                one -> one.exit()
                        .thenAccept(status -> session.later(() ->
                                listener.accept(status.map(ExitStatus::shell).orElse(NONE)))));
    }

    /** Calls a listener whenever memory runs out in the container. */
    void onOom(Container container, Runnable listener) {
        subscribe(container, one -> one.onOom(() -> session.later(listener)));
    }

    /** Does it in the life that the container has, if it has one, and in all later ones. */
    private void subscribe(Container container, Consumer<Container> subscription) {
        subscriptions.add(subscription);
        if (container != null) {
            subscription.accept(container);
        }
    }

    /** The container has been made; it is watched only if somebody wants to hear of it. */
    void made(Container container) {
        expectsEnd = false;
        subscriptions.forEach(subscription -> subscription.accept(container));
        if (!listeners.isEmpty() || session.noticesEvents()) {
            watch(container);
        }
        publish("create", NONE);
    }

    private synchronized void watch(Container container) {
        if (watched != container) {
            watched = container;
            container
                    .exit()
                    .thenAccept(status ->
                            publish("exit", status.map(ExitStatus::shell).orElse(NONE)));
            container.onOom(() -> publish("oom", NONE));
        }
    }

    /** The end of the container will be no news to the user, who waits for it or has asked for it. */
    void expectEnd(boolean expected) {
        expectsEnd = expected;
    }

    void publish(String kind) {
        publish(kind, NONE);
    }

    private void publish(String kind, int status) {
        boolean news = session.noticesEvents() && !expectsEnd;
        if (!news && listeners.isEmpty()) {
            return;
        }
        ContainerEvent event = new ContainerEvent(id, kind, status, Instant.now());
        session.later(() -> {
            if (news) {
                session.notice(event);
            }
            listeners.forEach(listener -> listener.accept(event));
        });
    }
}
