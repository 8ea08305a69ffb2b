package dev.gantry.repl;

import dev.gantry.dsl.live.LiveContainer;
import groovy.lang.Closure;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jline.terminal.Terminal;

/** The words that only a terminal can give: {@code attach box}, {@code watch { box.stats }}. */
final class TerminalWords {
    private TerminalWords() {}

    static void add(Session session, Terminal terminal, TerminalPrinter printer) {
        Watch watch = new Watch(terminal, printer, session.ink());
        session.script().variables().put("watch", word(session, value -> {
            if (!(value instanceof Callable<?> block)) {
                throw new ReplException("watch: it wants a block: `watch { box.stats }`");
            }
            session.script().leaveOut();
            watch.run(block);
            return null;
        }));
        session.script().variables().put("attach", word(session, value -> {
            containerOf(session, value).attach();
            return null;
        }));
        session.editWith(text -> ExternalEditor.edit(text, terminal));
    }

    private static LiveContainer containerOf(Session session, Object value) {
        Object named =
                value instanceof CharSequence id ? session.script().containers().get(id.toString()) : value;
        if (named instanceof LiveContainer container) {
            return container;
        }
        throw new ReplException("attach: `%s` is no container of this session".formatted(value));
    }

    /** A function of one argument. */
    private static Closure<Object> word(Session owner, Function<Object, Object> body) {
        return new Closure<>(owner) {
            private static final long serialVersionUID = 1L;

            @Override
            public Object call(Object argument) {
                return body.apply(argument);
            }

            @Override
            public Object call(Object... arguments) {
                return body.apply(arguments[0]);
            }
        };
    }
}
