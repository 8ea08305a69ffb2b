package dev.gantry.dsl.rehearsal;

import dev.gantry.dsl.source.Mistake;
import dev.gantry.dsl.source.ScriptExit;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.dsl.source.Span;
import dev.gantry.error.ContainerException;
import dev.gantry.error.Place;
import groovy.lang.Closure;
import groovy.lang.MissingMethodException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.codehaus.groovy.runtime.ScriptBytecodeAdapter;
import org.codehaus.groovy.runtime.typehandling.DefaultTypeTransformation;

/**
 * A check of a script from its first line to its last: every statement is tried, what a container would answer is
 * unknown, and so is everything that depends on it. A statement that needs what is unknown is given up, the next one is
 * tried; where a condition is unknown, both ways are gone. Nothing is made.
 *
 * <p>The compiler rewrites a script that is rehearsed so that it calls the static methods here. One rehearsal at a time
 * on a thread.
 */
public final class Rehearsal {
    /** A condition that is not known. */
    public static final int EITHER = 2;

    /** The number of no case of a switch and of no handler: it is not known which one is come to. */
    public static final int NONE = -1;

    /** What a variable holds before anything is known of it. */
    public static final Object UNKNOWN = Unknown.VALUE;

    private static final ThreadLocal<Rehearsal> CURRENT = new ThreadLocal<>();
    private static final List<Object> ANY_ITEM = Collections.singletonList(Unknown.VALUE);

    private final List<Mistake> mistakes = new ArrayList<>();
    private final NameCheck names;
    private ScriptSource source;
    private boolean namesAreChecked;
    private int unknowns;
    private int uncertain;

    /**
     * Prepares to try a script.
     *
     * @param names checks the names in the script and in those that it includes
     */
    public Rehearsal(ScriptSource source, NameCheck names) {
        this.source = source;
        this.names = names;
    }

    /** Makes this the thread's rehearsal while something is done. */
    public <T> T during(Supplier<T> action) {
        CURRENT.set(this);
        try {
            return action.get();
        } finally {
            CURRENT.remove();
        }
    }

    /**
     * Takes a script's text to the compiler, if the script wants to be checked. What it finds is all that is wrong with
     * names, so that the rehearsal, whose names are looked up in another way, need not tell of them.
     */
    public void checkNames() {
        mistakes.addAll(names.mistakes(source));
        namesAreChecked = names.isChecked(source);
    }

    /** Gives a statement up whose word nothing answers, if that is not for the rehearsal to tell. */
    public static void unknownWord() {
        if (CURRENT.get() != null && CURRENT.get().namesAreChecked) {
            throw new UnknownValue();
        }
    }

    /** Takes the lines of mistakes from another script while it is included. */
    public void within(ScriptSource part, Runnable action) {
        ScriptSource whole = source;
        boolean wholeIsChecked = namesAreChecked;
        source = part;
        checkNames();
        try {
            action.run();
        } finally {
            source = whole;
            namesAreChecked = wholeIsChecked;
        }
    }

    /** Returns the rehearsal that this thread is in; empty if the script is run or read. */
    public static Optional<Rehearsal> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Returns what was wrong outside of definitions. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    /** Returns how often something was not known so far. */
    public int unknowns() {
        return unknowns;
    }

    /** Returns whether this thread rehearses something that a run may leave out. */
    public static boolean isUncertain() {
        Rehearsal rehearsal = CURRENT.get();
        return rehearsal != null && rehearsal.uncertain > 0;
    }

    /** Returns whether a run would come here too. */
    public static boolean isCertain() {
        return !isUncertain();
    }

    /** Returns a condition as a number: 1 if it holds, 0 if it does not. */
    public static int truth(Object condition) {
        return DefaultTypeTransformation.castToBoolean(condition) ? 1 : 0;
    }

    /** Begins one way of a condition. */
    public static void enter(int condition) {
        CURRENT.get().uncertain += condition == EITHER ? 1 : 0;
    }

    /** Ends it. */
    public static void leave(int condition) {
        CURRENT.get().uncertain -= condition == EITHER ? 1 : 0;
    }

    /** Returns a condition's value for {@link #enter}: whether it is unknown which of several ways is gone. */
    public static int any(int way) {
        return way == NONE ? EITHER : 1;
    }

    /** Returns whether a way is the one that is gone, or may be. */
    public static boolean mayBe(int gone, int way) {
        return gone == way || gone == NONE;
    }

    /** Returns the case at which a switch is entered. */
    public static int first(int way) {
        return Math.max(0, way);
    }

    /** Returns for {@link #isAt} where a switch was entered; nothing leaves it if it is unknown which case was. */
    public static int level(int way) {
        return way == NONE ? NONE : CURRENT.get().uncertain;
    }

    /** Returns whether a run that is in this case of a switch would leave it here. */
    public static boolean isAt(int level) {
        return CURRENT.get().uncertain == level;
    }

    /** Returns what a loop goes through, or, where that is unknown, one unknown item. */
    public static Object items(Object collection) {
        return collection == Unknown.VALUE ? ANY_ITEM : collection;
    }

    /** Returns a condition's value for {@link #enter}: whether what a loop goes through is unknown. */
    public static int either(Object collection) {
        return collection == Unknown.VALUE ? EITHER : 1;
    }

    /** Returns the value as a variable of a type would hold it. */
    public static Object fit(Object value, Class<?> type) throws Throwable {
        return value == Unknown.VALUE ? value : ScriptBytecodeAdapter.castToType(value, type);
    }

    /** Begins a loop. */
    public static Turns turns() {
        return new Turns(CURRENT.get());
    }

    /** Counts the turns of a loop whose end may be unknown. */
    public static final class Turns {
        private static final int MOST = 1_000;
        private final Rehearsal rehearsal;
        private final int unknownsBefore;
        private final int uncertainBefore;
        private int turns;

        private Turns(Rehearsal rehearsal) {
            this.rehearsal = rehearsal;
            this.unknownsBefore = rehearsal.unknowns;
            this.uncertainBefore = rehearsal.uncertain;
        }

        /** Returns whether the loop may go on: it turns once if it meets anything unknown. */
        public boolean again() {
            rehearsal.uncertain = uncertainBefore; // a `continue` may have left the last turn early
            boolean first = turns++ == 0;
            return first || turns <= MOST && rehearsal.unknowns == unknownsBefore;
        }

        /** Ends the loop. */
        public void end() {
            rehearsal.uncertain = uncertainBefore;
        }
    }

    /** Returns the receiver of a call, unless the call would change this machine: then its result is unknown. */
    public static Object harmless(Object receiver, String method) {
        if (MachineCalls.isOne(receiver, method)) {
            throw new UnknownValue();
        }
        return receiver;
    }

    /** Stands for an object whose making would change this machine. */
    public static Object never() {
        throw new UnknownValue();
    }

    /** Returns the name that something is given; where that is unknown, some name. */
    public static Object name(Closure<?> expression) {
        try {
            return String.valueOf(expression.call());
        } catch (UnknownValue e) {
            CURRENT.get().unknowns++;
            return "unknown";
        }
    }

    /** Tries a block that is called later, if at all. */
    public static void visitLater(Closure<?> body) {
        if (CURRENT.get() != null) {
            visit(body);
        }
    }

    /** Tries a block whose caller or whose arguments are unknown. */
    public static void visit(Closure<?> body) {
        Rehearsal rehearsal = CURRENT.get();
        int before = rehearsal.unknowns;
        rehearsal.uncertain++;
        try {
            Object[] unknown = new Object[body.getMaximumNumberOfParameters()];
            Arrays.fill(unknown, Unknown.VALUE);
            body.call(unknown);
        } catch (Throwable e) { // also one of Groovy's: a parameter of a type takes nothing unknown
            rehearsal.take(e);
        } finally {
            rehearsal.uncertain--;
            rehearsal.unknowns = before;
        }
    }

    /** Returns what a block returns; unknown if it fails. */
    public static Object attempt(Callable<?> body) {
        try {
            return body.call();
        } catch (Throwable e) { // as of any statement
            CURRENT.get().take(e);
            return Unknown.VALUE;
        }
    }

    /**
     * Gives a statement up because of what it threw.
     *
     * @return the unknown value
     * @throws Throwable the same, if a run would end so too
     */
    public static Object failed(Throwable thrown) throws Throwable {
        if (!CURRENT.get().take(thrown)) {
            throw thrown;
        }
        return Unknown.VALUE;
    }

    /** Takes down what is wrong; returns whether the rehearsal can go on. */
    private boolean take(Throwable thrown) {
        boolean goesOn = unknowns > 0 || uncertain > 0;
        unknowns++;
        if (thrown instanceof UnknownValue || thrown instanceof InterruptedException) { // it waited for too long
            return true;
        } else if (thrown instanceof ScriptExit) {
            return uncertain > 0;
        } else if (thrown instanceof ScriptMistakes wrong) {
            mistakes.addAll(wrong.mistakes());
            return true;
        } else if (thrown instanceof MissingMethodException e
                && Arrays.stream(e.getArguments()).anyMatch(argument -> argument == Unknown.VALUE)) {
            return true;
        } else if (thrown instanceof Exception e) {
            Optional<ScriptMistakes> wrongName = ScriptMistakes.ofName(e, source);
            if (wrongName.isPresent()) {
                mistakes.addAll(namesAreChecked ? List.of() : wrongName.get().mistakes());
                return true;
            } else if (e instanceof ContainerException refused) {
                String hint = refused.hint().map("; hint: "::concat).orElse("");
                Place place = source.origin(e).orElse(source.place(1));
                mistakes.add(source.mistake(place, Span.LINE, refused.getMessage() + hint));
                return true;
            }
        } else if (thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError)) {
            return false;
        }
        return goesOn; // it may have failed because something before it was given up
    }
}
