package dev.gantry.dsl;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import groovy.lang.Closure;
import groovy.lang.DelegatesTo;
import groovy.lang.Script;
import groovy.transform.NamedParam;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.codehaus.groovy.runtime.FormatHelper;

/**
 * What every {@code .ctr.groovy} file is: ordinary Groovy, with the words below.
 *
 * <p>A script is code, not data: it can do whatever the user who runs it can.
 */
public abstract class CtrScript extends Script {
    private static final int MAX_STATUS = 255;

    private ScriptSession session;

    final void attach(ScriptSession scriptSession) {
        this.session = scriptSession;
    }

    /**
     * Defines a container. Nothing is made until it is told to {@code create}, {@code start} or {@code run}.
     *
     * @throws ScriptMistakes with everything that is wrong with the definition
     */
    @Keyword(value = "Defines a container.", example = "container('box') { hostname 'box' }")
    public LiveContainer container(
            String id,
            @DelegatesTo(value = ContainerDsl.class, strategy = Closure.DELEGATE_ONLY) Closure<?> definition) {
        return session.define(id, block -> DslSupport.configure(block, definition));
    }

    /** Does the same for callers in Java. */
    public LiveContainer container(String id, Consumer<? super ContainerDsl> definition) {
        return session.define(id, definition);
    }

    /** Defines a container that is a view of this machine and waits. */
    public LiveContainer container(String id) {
        return session.define(id, block -> {});
    }

    /**
     * Returns a parameter of the script: what {@code -P name=value} says, or else the default. Its type is {@code type:},
     * or else that of the default, or else text.
     *
     * @throws ContainerException if the text is none of the type, or nothing is said and there is no default
     */
    @Keyword(
            value = "Returns what -P name=value says, or the default.",
            example = "def jobs = param('jobs', default: 4, type: Integer)")
    @SuppressWarnings("unchecked") // the compiler's checks know the type from `type:`, see KeywordChecking
    public <T> T param(@NamedParam("default") @NamedParam("type") Map<String, ?> options, String name) {
        return (T) session.param(name, options);
    }

    /** Returns a text that must be given. */
    public String param(String name) {
        return (String) session.param(name, Map.of());
    }

    /** Lets the containers of this script live on when it has ended. */
    @Keyword(value = "Keeps the script's containers when it ends.", example = "keep()")
    public void keep() {
        session.keep();
    }

    /** Ends the script with an exit status. */
    @Keyword(value = "Ends the script with a status from 0 to 255.", example = "exit 3")
    public void exit(int status) {
        if (status < 0 || status > MAX_STATUS) {
            throw new ContainerException(
                    ErrorKind.CONFIG, "exit: a status is from 0 to %d, not `%d`".formatted(MAX_STATUS, status));
        }
        throw new ScriptExit(status);
    }

    /** Returns the arguments that follow the file on the command line. */
    public List<String> getArgs() {
        return session.args();
    }

    @Override
    public void println() {
        session.out().println();
    }

    @Override
    public void println(Object value) {
        session.out().println(FormatHelper.toString(value));
    }

    @Override
    public void print(Object value) {
        session.out().print(FormatHelper.toString(value));
    }

    @Override
    public void printf(String format, Object value) {
        session.out().printf(Locale.ROOT, format, value);
    }

    @Override
    public void printf(String format, Object[] values) {
        session.out().printf(Locale.ROOT, format, Arrays.copyOf(values, values.length));
    }
}
