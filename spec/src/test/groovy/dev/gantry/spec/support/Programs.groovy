package dev.gantry.spec.support

import static dev.gantry.spec.support.Eventually.eventually

/** The programs that run on this machine, in containers too, by their command lines. */
class Programs {
    /** Waits until a program of this command line runs. */
    static boolean runs(String line) {
        eventually(20, "`$line` runs") { pids(line) }
    }

    /** Waits until a program of this command line is the one in the foreground of its terminal: the keys are for it. */
    static boolean isInFront(String line) {
        eventually(20, "`$line` is in the foreground") {
            pids(line).any { pid ->
                def fields = fields(pid)
                fields && fields[2] == fields[5] // pgrp and tpgid, proc(5)
            }
        }
    }

    private static List<String> pids(String line) {
        new File('/proc').list()
            .findAll { it.isInteger() && read("/proc/$it/cmdline").replace('\0', ' ').trim() == line }
    }

    /** From the state on, which is the first after the name. */
    private static List<String> fields(String pid) {
        read("/proc/$pid/stat").replaceAll(/^.*\) /, '').tokenize()
    }

    private static String read(String file) {
        try {
            new File(file).text
        } catch (IOException gone) {
            ''
        }
    }
}
