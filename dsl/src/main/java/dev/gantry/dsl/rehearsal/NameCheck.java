package dev.gantry.dsl.rehearsal;

import dev.gantry.dsl.source.Mistake;
import dev.gantry.dsl.source.ScriptSource;
import java.util.List;

/** Checks the names and types of a script before it is tried: the compiler, which a rehearsal does not know. */
public interface NameCheck {
    /**
     * Returns what is wrong with a script; nothing if the script does not want to be checked.
     *
     * @throws dev.gantry.dsl.source.ScriptMistakes if it cannot be read to its end
     */
    List<Mistake> mistakes(ScriptSource source);

    /** Returns whether the script wants its names and types to be checked before it runs. */
    boolean isChecked(ScriptSource source);
}
