package dev.gantry.spec.support

import static dev.gantry.spec.support.Eventually.eventually
import static dev.gantry.spec.support.Eventually.within


/** A real terminal, at which the test sits: that of a tmux server of its own. */
class TmuxTerminal implements Closeable {
    private static final int PATIENCE_SECONDS = 60

    private final String socket
    private final int columns
    private final int rows

    TmuxTerminal(String name, int columns = 80, int rows = 24) {
        this.socket = "gantry-$name-${ProcessHandle.current().pid()}"
        this.columns = columns
        this.rows = rows
    }

    /** Opens the terminal with a shell's line in it, whose exit status is shown at its end. */
    void open(String line) {
        tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'it', '-x', "$columns", '-y', "$rows", wrapped(line))
        tmux('set', '-g', 'status', 'off')
        tmux('set', '-g', 'history-limit', '5000')
        resize(columns, rows)
    }

    void openWindow(String line) {
        tmux('new-window', '-t', 'it', wrapped(line))
    }

    private static String wrapped(String line) {
        "sh -c 'trap : INT; $line; echo status \$?; sleep 1000'"
    }

    void resize(int width, int height) {
        tmux('resize-window', '-x', "$width", '-y', "$height")
    }

    /** Types a line, and Enter. */
    void type(String text) {
        write(text)
        press('Enter')
    }

    /** Types without Enter. */
    void write(String text) {
        tmux('send-keys', '-t', 'it', '-l', text)
    }

    void press(String... keys) {
        keys.each { tmux('send-keys', '-t', 'it', it) }
    }

    /** Returns what is on the screen. */
    String screen() {
        tmux('capture-pane', '-p', '-t', 'it')
    }

    /** Returns all that has been on the screen, with its colours. */
    String coloured() {
        tmux('capture-pane', '-p', '-e', '-S', '-', '-t', 'it')
    }

    /** Waits until the text is on the screen. */
    boolean shows(String text) {
        shows { it.contains(text) }
    }

    boolean shows(Closure<Boolean> wanted) {
        eventually(PATIENCE_SECONDS, { "on the screen is\n${screen()}" }) { wanted.call(screen()) }
    }

    /** Presses a key until the text is on the screen, for what is not known at once. */
    boolean showsAtLast(String key, String text) {
        eventually(PATIENCE_SECONDS, { "on the screen is\n${screen()}" }) {
            press(key)
            within(1) { screen().contains(text) }
        }
    }

    /**
     * Waits until the program at the terminal gets all keys as they are, Ctrl-C too: it hands them on to a container.
     */
    boolean isRaw() {
        def device = tmux('display', '-p', '-t', 'it', '#{pane_tty}').trim()
        eventually { Command.ok('stty', '-a', '-F', device).contains('-isig') }
    }

    /** Without asserting: the server may be gone. */
    private String tmux(Object... args) {
        new Command('tmux', '-L', socket, args.toList()).merged().run().out
    }

    @Override
    void close() {
        tmux('kill-server')
    }
}
