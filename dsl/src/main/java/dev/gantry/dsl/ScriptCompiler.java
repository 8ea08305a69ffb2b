package dev.gantry.dsl;

import groovy.lang.GroovyClassLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.Phases;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;

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
        CompiledScript compiled = known.orElseGet(() -> compileAsAsked(source));
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
        return made(compile(source, false, new RehearsedCode()), source);
    }

    /**
     * Returns what the compiler finds wrong with a script; nothing if the script does not want to be checked.
     *
     * @throws ScriptMistakes if the compiler cannot read it to the end
     */
    static List<Mistake> mistakes(ScriptSource source) {
        try {
            compileAsAsked(source);
            return List.of();
        } catch (ScriptMistakes e) {
            if (CompilerMessages.limit(e.getCause()).isPresent()) {
                throw e;
            }
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
        return made(compile(source, false, new TopLevelVariables()), source);
    }

    private static CompiledScript compileAsAsked(ScriptSource source) {
        return isChecked(source) ? compile(source, true, new StaticChecking()) : compile(source, false);
    }

    private static CompiledScript compile(
            ScriptSource source, boolean isChecked, CompilationCustomizer... customizers) {
        CompilerConfiguration configuration = dynamicConfiguration(Set.of());
        configuration.addCompilationCustomizers(customizers);
        try (GroovyClassLoader loader = new GroovyClassLoader(CtrScript.class.getClassLoader(), configuration, false)) {
            loader.setResourceLoader(name -> null); // no class comes from a source file that lies about
            CompilationUnit unit = new CompilationUnit(configuration, null, loader);
            SourceUnit script = unit.addSource(source.name(), source.text());
            unit.compile(Phases.CLASS_GENERATION);
            Map<String, byte[]> classes = new LinkedHashMap<>();
            unit.getClasses().forEach(type -> classes.put(type.getName(), type.getBytes()));
            return new CompiledScript(script.getAST().getMainClassName(), isChecked, classes);
        } catch (CompilationFailedException e) {
            throw new ScriptMistakes(CompilerMessages.mistakes(e, source), e);
        } catch (StackOverflowError e) {
            throw new ScriptMistakes(CompilerMessages.tooDeep(source), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // from closing a loader that has opened nothing
        }
    }

    /** Answers whether names and types are checked before the script runs. */
    static boolean isChecked(ScriptSource source) {
        return !DYNAMIC.matcher(source.text()).find();
    }

    /**
     * Returns what is the same for every script, its names looked up only when it runs.
     *
     * @param variables that it has before it runs
     */
    static CompilerConfiguration dynamicConfiguration(Collection<String> variables) {
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setScriptBaseClass(CtrScript.class.getName());
        configuration.setPluginFactory(CachingParser.FACTORY);
        configuration.setTolerance(ALL_MISTAKES);
        configuration.setDisabledGlobalASTTransformations(Set.of("groovy.grape.GrabAnnotationTransformation"));
        configuration.addCompilationCustomizers(
                new OwnNames(variables), new PipedCommands(), new BreakpointVariables());
        return configuration;
    }
}
