package dev.gantry.dsl;

import dev.gantry.dsl.compile.ScriptCompiler;
import dev.gantry.dsl.live.CtrScript;
import dev.gantry.dsl.live.LiveContainer;
import dev.gantry.dsl.rehearsal.Rehearsal;
import dev.gantry.dsl.rehearsal.UnknownValue;
import dev.gantry.dsl.source.ScriptSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/** A check of one script: it is tried to its end and makes nothing. */
final class RehearsedSession extends ScriptSession {
    private final Rehearsal rehearsal;

    /** Creates a session that has defined nothing, to be run during the rehearsal. */
    RehearsedSession(ScriptSource source, ScriptContext context, Rehearsal rehearsal) {
        super(source, context);
        this.rehearsal = rehearsal;
    }

    private RehearsedSession(
            ScriptSource source,
            ScriptContext context,
            Map<String, LiveContainer> defined,
            Set<String> around,
            Rehearsal rehearsal) {
        super(source, context, defined, around);
        this.rehearsal = rehearsal;
    }

    @Override
    ScriptSession part(ScriptSource other, ScriptContext shared, Map<String, LiveContainer> found, Set<String> around) {
        return new RehearsedSession(other, shared, found, around, rehearsal);
    }

    @Override
    void runAsPart() {
        rehearsal.within(source(), super::runAsPart);
    }

    @Override
    CtrScript compiled(ScriptCompiler<CtrScript> compiler) {
        return compiler.rehearsed(source());
    }

    /** Takes what the text quotes for asked: not every line was come to. */
    @Override
    void requireAllAsked() {
        params().requireAllAsked(source().text());
    }

    /** Passes over what is blank: a script that is only tried may lack its environment. */
    @Override
    public void hide(String text) {
        if (text != null && !text.isBlank()) {
            super.hide(text);
        }
    }

    @Override
    public Map<String, Object> parallel(Map<String, Callable<?>> branches, boolean failFast) {
        Map<String, Object> tried = new LinkedHashMap<>();
        branches.forEach((name, body) -> tried.put(name, Rehearsal.attempt(body)));
        return tried;
    }

    @Override
    public <T> T retry(int times, Callable<T> body) {
        return super.retry(1, body); // it is only tried
    }

    @Override
    public boolean isRehearsed() {
        return true;
    }

    @Override
    public void requireLive() {
        throw new UnknownValue();
    }
}
