package dev.gantry.spec.support

import groovy.transform.Immutable

/** What a program wrote and how it ended. */
@Immutable
class Outcome {
    int exit
    String out
    String err

    @Override
    String toString() {
        "exit $exit\nout: $out\nerr: $err"
    }
}
