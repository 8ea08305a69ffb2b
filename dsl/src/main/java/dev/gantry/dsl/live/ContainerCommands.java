package dev.gantry.dsl.live;

import dev.gantry.dsl.word.Keyword;
import dev.gantry.dsl.word.OptionsOf;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import groovy.transform.NamedParam;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The programs that a script runs in a container. Thread-safe, as far as the container is not deleted meanwhile. */
public abstract sealed class ContainerCommands extends ContainerAccess permits LiveContainer {
    ContainerCommands(ContainerLife life) {
        super(life);
    }

    /**
     * Runs a program in the container to its end and collects its output, of which there may be 64 MiB; with
     * {@code tee: true} there may be any amount, and the last 8 MiB are kept.
     *
     * @throws ContainerException if it cannot be executed; a bad exit status is for {@link CommandResult#check}
     */
    @Keyword(
            value = "Runs a program in the container and keeps its output; one that writes more than 64 MiB is killed."
                    + " With `tee: true` the output is shown as it comes, and the last 8 MiB are kept.",
            example = "box.exec('id', '-u').text")
    public CommandResult exec(String program, String... arguments) {
        return exec(Map.of(), words(program, arguments));
    }

    /** Does the same with a list of words. */
    public CommandResult exec(List<?> command) {
        return exec(Map.of(), words(command));
    }

    /** Does the same with a list of words and with options. */
    public CommandResult exec(@OptionsOf("exec") Map<String, ?> options, List<?> command) {
        return exec(options, words(command));
    }

    /**
     * Does the same in another directory, with more environment variables, as another user (a name or a number, or
     * {@code 'user:group'}), with something to read (text, bytes, a file, a stream, what another command wrote), for a
     * limited time, at a terminal, or shown as it comes.
     */
    public CommandResult exec(
            @NamedParam("cwd")
                    @NamedParam("env")
                    @NamedParam("user")
                    @NamedParam("stdin")
                    @NamedParam("timeout")
                    @NamedParam("tty")
                    @NamedParam("tee")
                    Map<String, ?> options,
            String... command) {
        return run(request("exec", options, command));
    }

    private CommandResult run(ExecRequest asked) {
        try (ExecRequest request = asked) {
            CommandResult result = new CommandResult(
                    live("exec in").exec(request.process(), request.options()),
                    session().events());
            session().containers().requireOpen(); // or a script that is being ended would go on with what that has done
            return result;
        }
    }

    /**
     * Runs a shell's script in the container, shows what it writes as it comes, and fails if it does. The shell ends at
     * the first command that fails, as with {@code set -e}; a first line such as {@code #!/usr/bin/env python3} names
     * another program. Of what it writes, the last 8 MiB are kept.
     *
     * @throws dev.gantry.value.CommandFailure if its exit status was not 0
     */
    @Keyword(
            value = "Runs a shell's script, shows its output, and fails at its first command that does, as with"
                    + " `set -e`; a first line `#!/bin/bash` names another program than `sh`. Keeps the last 8 MiB of"
                    + " its output.",
            example = "box.sh('make test')")
    public CommandResult sh(String script) {
        return sh(Map.of(), script);
    }

    /** Does the same with the options of {@link #exec}. */
    public CommandResult sh(@OptionsOf("exec") Map<String, ?> options, String script) {
        Map<String, Object> shown = new LinkedHashMap<>(Map.of("tee", true));
        shown.putAll(options);
        ShellScript text = new ShellScript(String.valueOf(script));
        return run(request("exec", shown, words(text.command())).running(text)).check();
    }

    /**
     * Starts a program in the container and does not wait for it; of what it writes, the last 32 MiB at least are kept.
     */
    @Keyword(value = "Starts a program in the container.", example = "def server = box.spawn('nc', '-l', '-p', '80')")
    public LiveProcess spawn(String program, String... arguments) {
        return spawn(Map.of(), words(program, arguments));
    }

    /** Does the same with a list of words. */
    public LiveProcess spawn(List<?> command) {
        return spawn(Map.of(), words(command));
    }

    /** Does the same with a list of words and with options. */
    public LiveProcess spawn(@OptionsOf("exec") Map<String, ?> options, List<?> command) {
        return spawn(options, words(command));
    }

    /** Does the same with the options of {@link #exec}. */
    public LiveProcess spawn(@OptionsOf("exec") Map<String, ?> options, String... command) {
        ExecRequest request = request("spawn", options, command);
        try {
            return LiveProcess.of(
                    live("exec in").begin(request.process(), request.options().keepingLast()),
                    request,
                    session().events());
        } catch (RuntimeException e) {
            request.close();
            throw e;
        }
    }

    /** Returns a command that has not begun, for {@code |}: what {@code exec} becomes there. */
    @Keyword(value = "Returns a command for pipes.", example = "(box.command('ls') | box.command('wc')).run()")
    public LiveCommand command(String program, String... arguments) {
        return command(Map.of(), words(program, arguments));
    }

    /** Does the same with a list of words. */
    public LiveCommand command(List<?> command) {
        return command(Map.of(), words(command));
    }

    /** Does the same with a list of words and with options. */
    public LiveCommand command(@OptionsOf("exec") Map<String, ?> options, List<?> command) {
        return command(options, words(command));
    }

    /** Does the same with the options of {@link #exec}. */
    public LiveCommand command(@OptionsOf("exec") Map<String, ?> options, String... command) {
        return LiveCommand.of(session(), made(), request("command", options, command));
    }

    /**
     * Puts a command line together. Its first word is apart from the others because the type checker would take named
     * options for the first of any number of words, depending on the JDK.
     */
    private static String[] words(String program, String... arguments) {
        String[] others = arguments == null ? new String[] {null} : arguments; // what Java makes of a single null
        return Stream.concat(Stream.of(program), Arrays.stream(others)).toArray(String[]::new);
    }

    private static String[] words(List<?> command) {
        return command.stream()
                .map(word -> word == null ? null : word.toString())
                .toArray(String[]::new);
    }

    private ExecRequest request(String method, Map<String, ?> options, String... command) {
        List<String> words = Arrays.asList(command);
        if (words.isEmpty() || words.contains(null)) {
            String what = words.isEmpty() ? "there is no program to run" : "an argument is null";
            throw new ContainerException(ErrorKind.CONFIG, "exec in `%s`: %s".formatted(getId(), what));
        }
        return life().request(method, options, command);
    }
}
