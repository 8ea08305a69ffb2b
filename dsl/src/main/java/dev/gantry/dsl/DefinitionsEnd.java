package dev.gantry.dsl;

import dev.gantry.dsl.source.ControlFlow;

/** Ends a script that is read for its definitions only, at the first word that would touch a container. */
final class DefinitionsEnd extends ControlFlow {
    private static final long serialVersionUID = 1L;

    DefinitionsEnd() {
        super("the definitions end here");
    }
}
