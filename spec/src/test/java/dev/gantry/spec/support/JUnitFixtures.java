package dev.gantry.spec.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.gantry.dsl.block.ContainerDsl;
import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.fixture.FixtureScope;
import dev.gantry.junit.Ctr;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Test classes as users write them in Java; {@code JUnitFixturesKernelSpec} runs them. */
public final class JUnitFixtures {
    /** What the tests have seen. */
    public static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    private JUnitFixtures() {}

    static final class Named implements Consumer<ContainerDsl> {
        @Override
        public void accept(ContainerDsl container) {
            container.hostname("named");
        }
    }

    static final class Missing implements Consumer<ContainerDsl> {
        @Override
        public void accept(ContainerDsl container) {
            container.process(process -> process.args("/no/such"));
        }
    }

    static class Lifecycle {
        @Ctr
        static LiveContainer shared;

        @Ctr(Named.class)
        private LiveContainer own;

        @BeforeAll
        static void beforeAll(LiveContainer only) {
            assertSame(shared, only);
            SEEN.add("before all: " + only.getStatus());
        }

        @BeforeEach
        void beforeEach() {
            SEEN.add("before each: " + own.getStatus());
        }

        @AfterEach
        void afterEach() {
            SEEN.add("after each: " + own.getStatus());
        }

        @AfterAll
        static void afterAll() {
            SEEN.add("after all: " + shared.getStatus());
        }

        @Test
        void first() {
            look();
        }

        @Test
        void second() {
            look();
        }

        @Test
        void third() {
            look();
        }

        private void look() {
            assertEquals("named\n", own.exec("hostname").getOut());
            SEEN.add(own.getState().id());
            SEEN.add(shared.getState().id());
        }
    }

    static class One {
        @Ctr(value = Named.class, scope = FixtureScope.RUN)
        LiveContainer box;

        @Test
        void runs() {
            SEEN.add(box.getState().id());
        }
    }

    static class Two {
        @Ctr(value = Named.class, scope = FixtureScope.RUN)
        static LiveContainer other;

        @Test
        void runs() {
            SEEN.add(other.getState().id());
        }
    }

    static class Failing {
        @Ctr
        LiveContainer box;

        @Test
        void fails() {
            assertEquals(0, box.exec("false").getExit());
        }
    }

    static class Broken {
        @Ctr
        LiveContainer good;

        @Ctr(value = Missing.class, dependsOn = "good")
        LiveContainer bad;

        @Test
        void runs() {}
    }

    static class Stuck {
        @Ctr
        LiveContainer box;

        @Test
        void waits() throws InterruptedException {
            System.out.println(box.getState().id());
            new CountDownLatch(1).await();
        }
    }

    /** Runs a test that prints the id of its container and never ends. */
    public static void main(String[] args) {
        LauncherFactory.create()
                .execute(LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectClass(Stuck.class))
                        .build());
    }

    static class Outer {
        @Ctr
        static LiveContainer shared;

        @Ctr
        LiveContainer own;

        @Nested
        class Inner {
            @Ctr(dependsOn = {"own", "shared"})
            LiveContainer inner;

            @Test
            void runs() {
                SEEN.add(shared.getStatus() + " " + own.getStatus() + " " + inner.getStatus());
            }
        }
    }

    static class Final {
        @Ctr
        LiveContainer good;

        @Ctr
        static final LiveContainer BOX = null;

        @Test
        void runs() {}
    }

    static class WrongType {
        @Ctr
        String box;

        @Test
        void runs() {}
    }
}
