package dev.gantry.dsl.compile;

import dev.gantry.dsl.rehearsal.NameCheck;
import dev.gantry.dsl.source.Mistake;
import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
import dev.gantry.dsl.source.Span;
import dev.gantry.dsl.word.Keywords;
import groovy.lang.GroovyClassLoader;
import groovy.lang.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.codehaus.groovy.GroovyBugError;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.Phases;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;

/**
 * Compiles scripts, with every name and type checked unless the script says {@code // @dynamic}. Thread-safe.
 *
 * @param <S> what every script extends
 */
public final class ScriptCompiler<S extends Script> implements NameCheck {
    private static final Pattern DYNAMIC = Pattern.compile("(?m)^\\s*//\\s*@dynamic\\s*$");
    private static final int ALL_MISTAKES = 1_000;

    private final Class<S> base;

    /**
     * Creates a compiler.
     *
     * @param base the class whose words scripts have; its loader knows all that scripts may name
     */
    public ScriptCompiler(Class<S> base) {
        this.base = base;
    }

    /**
     * Compiles a script, unless that has been done before, and makes an instance of it.
     *
     * @throws ScriptMistakes with everything that is wrong with it
     */
    public S compile(ScriptSource source) {
        Optional<ScriptCache> cache = ScriptCache.ofUser();
        Optional<CompiledScript> known = cache.flatMap(scripts -> scripts.find(source));
        CompiledScript compiled = known.orElseGet(() -> compileAsAsked(source));
        S script = made(compiled, source);
        if (known.isEmpty()) {
            cache.ifPresent(scripts -> scripts.store(source, compiled));
        }
        return script;
    }

    /**
     * Compiles a script for a {@link dev.gantry.dsl.rehearsal.Rehearsal}: its names are looked up when they are come
     * to.
     *
     * @throws ScriptMistakes if it is no Groovy
     */
    public S rehearsed(ScriptSource source) {
        return made(compile(source, false, new RehearsedCode()), source);
    }

    @Override
    public List<Mistake> mistakes(ScriptSource source) {
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

    private S made(CompiledScript compiled, ScriptSource source) {
        try {
            return compiled.newScript(base);
        } catch (ReflectiveOperationException | ClassCastException e) {
            String text = "script: the file defines a class and has no statements of its own";
            throw new ScriptMistakes(List.of(source.mistake(source.place(1), Span.LINE, text)), e);
        }
    }

    /**
     * Compiles a script so that what it declares at the top can be looked at when it has failed.
     *
     * @throws ScriptMistakes with everything that is wrong with it
     */
    public S compileForDebugging(ScriptSource source) {
        compile(source); // checks names and types
        return made(compile(source, false, new TopLevelVariables()), source);
    }

    private CompiledScript compileAsAsked(ScriptSource source) {
        return isChecked(source) ? compile(source, true, new StaticChecking()) : compile(source, false);
    }

    private CompiledScript compile(ScriptSource source, boolean isChecked, CompilationCustomizer... customizers) {
        CompilerConfiguration configuration = dynamicConfiguration(Set.of());
        configuration.addCompilationCustomizers(customizers);
        try (GroovyClassLoader loader = new GroovyClassLoader(base.getClassLoader(), configuration, false)) {
            loader.setResourceLoader(name -> null); // no class comes from a source file that lies about
            CompilationUnit unit = new CompilationUnit(configuration, null, loader);
            SourceUnit script = unit.addSource(source.name(), source.text());
            compile(unit, source, script);
            Map<String, byte[]> classes = new LinkedHashMap<>();
            unit.getClasses().forEach(type -> classes.put(type.getName(), type.getBytes()));
            return new CompiledScript(script.getAST().getMainClassName(), isChecked, classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // from closing a loader that has opened nothing
        }
    }

    /**
     * Compiles a text as far as its classes.
     *
     * @throws ScriptMistakes with everything that is wrong with it, or if the compiler fails on it
     */
    static void compile(CompilationUnit unit, ScriptSource source, SourceUnit text) {
        try {
            unit.compile(Phases.CLASS_GENERATION);
        } catch (CompilationFailedException e) {
            throw new ScriptMistakes(CompilerMessages.mistakes(e, source), e);
        } catch (StackOverflowError e) {
            throw new ScriptMistakes(CompilerMessages.tooDeep(source), e);
        } catch (RuntimeException | GroovyBugError | LinkageError e) {
            throw new ScriptMistakes(CompilerMessages.failing(e, source, KeywordChecking.lastLine(text)), e);
        }
    }

    @Override
    public boolean isChecked(ScriptSource source) {
        return !DYNAMIC.matcher(source.text()).find();
    }

    /**
     * Returns what is the same for every script, its names looked up only when it runs.
     *
     * @param variables that it has before it runs
     */
    CompilerConfiguration dynamicConfiguration(Collection<String> variables) {
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setScriptBaseClass(base.getName());
        configuration.setPluginFactory(CachingParser.FACTORY);
        configuration.setTolerance(ALL_MISTAKES);
        configuration.setDisabledGlobalASTTransformations(Set.of("groovy.grape.GrabAnnotationTransformation"));
        configuration.addCompilationCustomizers(
                new NamedTypes(Keywords.types()),
                new OwnNames(variables),
                new PipedCommands(),
                new BreakpointVariables());
        return configuration;
    }
}
