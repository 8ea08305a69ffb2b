package dev.gantry.dsl;

import groovy.lang.GroovyClassLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.codehaus.groovy.control.Phases;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.messages.Message;
import org.codehaus.groovy.control.messages.SyntaxErrorMessage;
import org.codehaus.groovy.syntax.SyntaxException;

/** Compiles scripts, with every name and type checked unless the script says {@code // @dynamic}. */
final class ScriptCompiler {
    private static final Pattern DYNAMIC = Pattern.compile("(?m)^\\s*//\\s*@dynamic\\s*$");
    private static final int ALL_MISTAKES = 1_000;

    private ScriptCompiler() {}

    /**
     * Compiles a script, unless that has been done before, and makes an instance of it.
     *
     * @throws ScriptMistakes with everything that is wrong with it
     */
    static CtrScript compile(ScriptSource source) {
        Optional<ScriptCache> cache = ScriptCache.ofUser();
        Optional<CompiledScript> known = cache.flatMap(scripts -> scripts.find(source));
        CompiledScript compiled = known.orElseGet(() -> compileNow(source, configuration(source)));
        CtrScript script = made(compiled, source);
        if (known.isEmpty()) {
            cache.ifPresent(scripts -> scripts.store(source, compiled));
        }
        return script;
    }

    /**
     * Compiles a script for a {@link Rehearsal}: its names are looked up when they are come to.
     *
     * @throws ScriptMistakes if it is no Groovy
     */
    static CtrScript rehearsed(ScriptSource source) {
        CompilerConfiguration configuration = dynamicConfiguration();
        configuration.addCompilationCustomizers(new RehearsedCode());
        return made(compileNow(source, configuration), source);
    }

    /** Returns what the compiler finds wrong with a script; nothing if the script does not want to be checked. */
    static List<Mistake> mistakes(ScriptSource source) {
        try {
            compileNow(source, configuration(source));
            return List.of();
        } catch (ScriptMistakes e) {
            return e.mistakes();
        }
    }

    private static CtrScript made(CompiledScript compiled, ScriptSource source) {
        try {
            return compiled.newScript();
        } catch (ReflectiveOperationException | ClassCastException e) {
            String text = "script: the file defines a class and has no statements of its own";
            throw new ScriptMistakes(List.of(source.mistake(source.place(1), "", text)), e);
        }
    }

    /**
     * Compiles a script so that what it declares at the top can be looked at when it has failed.
     *
     * @throws ScriptMistakes with everything that is wrong with it
     */
    static CtrScript compileForDebugging(ScriptSource source) {
        compile(source); // checks names and types
        CompilerConfiguration configuration = dynamicConfiguration();
        configuration.addCompilationCustomizers(new TopLevelVariables());
        return made(compileNow(source, configuration), source);
    }

    private static CompiledScript compileNow(ScriptSource source, CompilerConfiguration configuration) {
        try (GroovyClassLoader loader = new GroovyClassLoader(CtrScript.class.getClassLoader(), configuration, false)) {
            loader.setResourceLoader(name -> null); // no class comes from a source file that lies about
            CompilationUnit unit = new CompilationUnit(configuration, null, loader);
            SourceUnit script = unit.addSource(source.name(), source.text());
            unit.compile(Phases.CLASS_GENERATION);
            Map<String, byte[]> classes = new LinkedHashMap<>();
            unit.getClasses().forEach(type -> classes.put(type.getName(), type.getBytes()));
            return new CompiledScript(script.getAST().getMainClassName(), classes);
        } catch (CompilationFailedException e) {
            throw new ScriptMistakes(mistakes(e, source), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // from closing a loader that has opened nothing
        }
    }

    private static CompilerConfiguration configuration(ScriptSource source) {
        CompilerConfiguration configuration = dynamicConfiguration();
        if (isChecked(source)) {
            configuration.addCompilationCustomizers(new StaticChecking());
        }
        return configuration;
    }

    /** Answers whether names and types are checked before the script runs. */
    static boolean isChecked(ScriptSource source) {
        return !DYNAMIC.matcher(source.text()).find();
    }

    /** Returns what is the same for every script, its names looked up only when it runs. */
    static CompilerConfiguration dynamicConfiguration() {
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setScriptBaseClass(CtrScript.class.getName());
        configuration.setPluginFactory(CachingParser.FACTORY);
        configuration.setTolerance(ALL_MISTAKES);
        configuration.setDisabledGlobalASTTransformations(Set.of("groovy.grape.GrabAnnotationTransformation"));
        configuration.addCompilationCustomizers(new PipedCommands(), new BreakpointVariables());
        return configuration;
    }

    static List<Mistake> mistakes(CompilationFailedException failure, ScriptSource source) {
        List<Mistake> mistakes = new ArrayList<>();
        Set<List<Integer>> places = new HashSet<>(); // the first message about a place is ours, if any is
        if (failure instanceof MultipleCompilationErrorsException multiple) {
            for (Message message : multiple.getErrorCollector().getErrors()) {
                if (message instanceof SyntaxErrorMessage syntax && places.add(place(syntax.getCause()))) {
                    mistakes.add(mistake(syntax.getCause(), source));
                }
            }
        }
        if (mistakes.isEmpty()) {
            mistakes.add(source.mistake(source.place(1), "", "script: " + failure.getMessage()));
        }
        mistakes.sort(
                Comparator.comparingInt((Mistake mistake) -> mistake.place().line())
                        .thenComparingInt(Mistake::column));
        return mistakes;
    }

    private static List<Integer> place(SyntaxException error) {
        return List.of(error.getStartLine(), error.getStartColumn());
    }

    private static Mistake mistake(SyntaxException error, ScriptSource source) {
        String line = source.line(error.getStartLine());
        if (line.isBlank()) {
            return source.mistake(source.end(), "", "script: it ends where more must follow; hint: close all brackets");
        }
        int start = Math.min(error.getStartColumn(), line.length());
        boolean severalLines = error.getEndLine() != error.getStartLine();
        int end = severalLines ? line.stripTrailing().length() + 1 : Math.min(error.getEndColumn(), line.length() + 1);
        int length = Math.max(1, end - start);
        String text =
                error.getOriginalMessage().startsWith("Unexpected input") // and then tells all that came before it
                        ? "script: `%s` is not expected here".formatted(line.substring(start - 1, start - 1 + length))
                        : text(error);
        return new Mistake(source.place(error.getStartLine()), start, length, text, line);
    }

    /** Turns a message of Groovy's into one of ours: lower case, and without the packages of classes. */
    private static String text(SyntaxException error) {
        String text = error.getOriginalMessage()
                .replaceFirst("^\\[Static type checking] - ", "")
                .replaceAll("\\b(?:[a-z]\\w*\\.)+(?=[A-Z])", "")
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("\\.$", "");
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
