package dev.gantry.dsl.compile;

import dev.gantry.dsl.source.ScriptMistakes;
import dev.gantry.dsl.source.ScriptSource;
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
import org.codehaus.groovy.ast.ImportNode;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.ImportCustomizer;
import org.codehaus.groovy.runtime.InvokerHelper;

/**
 * Compiles the texts of a session, each by itself, with the imports and classes of those before. The code of a text is
 * in a class loader of its own and goes with it; only classes that a text defines stay. Not thread-safe.
 *
 * @param <S> what every script extends
 */
public final class LineCompiler<S extends Script> {
    private final ImportCustomizer imports = new ImportCustomizer();
    private final Class<S> base;
    private final ScriptCompiler<S> compiler;

    /** Knows the classes that were defined; one of the same name later hides one before. */
    private ClassLoader known;

    /**
     * Creates a compiler that knows no text yet.
     *
     * @param base the class whose words the texts have
     */
    public LineCompiler(Class<S> base) {
        this.base = base;
        this.compiler = new ScriptCompiler<>(base);
        this.known = base.getClassLoader();
    }

    /**
     * A compiled text.
     *
     * @param <S> what every script extends
     * @param script empty if it only defines classes
     * @param classes the names of the script's own classes
     */
    public record Line<S extends Script>(Optional<S> script, Set<String> classes, List<Declaration> declarations) {
        /** Takes the script's classes out of Groovy's registry, which would keep them until memory runs short. */
        public void forget() {
            script.ifPresent(
                    made -> classes.forEach(name -> forget(name, made.getClass().getClassLoader())));
        }

        private static void forget(String name, ClassLoader loader) {
            try {
                InvokerHelper.removeClass(Class.forName(name, false, loader));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e); // it was compiled a moment ago
            }
        }
    }

    /**
     * Compiles a text.
     *
     * @param names of the session's variables and functions
     * @throws ScriptMistakes with everything that is wrong with it
     */
    public Line<S> compile(ScriptSource source, Collection<String> names) {
        TopLevelVariables variables = new TopLevelVariables();
        CompilerConfiguration configuration = compiler.dynamicConfiguration(names);
        configuration.addCompilationCustomizers(variables, imports);
        try (GroovyClassLoader loader = new GroovyClassLoader(known, configuration, false)) {
            loader.setResourceLoader(name -> null); // no class comes from a source file that lies about
            CompilationUnit unit = new CompilationUnit(configuration, null, loader);
            SourceUnit line = unit.addSource(source.name(), source.text());
            ScriptCompiler.compile(unit, source, line);
            String main = line.getAST().getMainClassName();
            Map<String, byte[]> own = new LinkedHashMap<>();
            Map<String, byte[]> defined = new LinkedHashMap<>();
            boolean isScript = main != null
                    && line.getAST().getClasses().stream()
                            .anyMatch(type -> type.getName().equals(main) && type.isScript());
            unit.getClasses().forEach(type -> {
                boolean ofScript = isScript
                        && (type.getName().equals(main) || type.getName().startsWith(main + "$"));
                (ofScript ? own : defined).put(type.getName(), type.getBytes());
            });
            if (!defined.isEmpty()) {
                known = CompiledScript.loader(defined, known);
            }
            variables.imports().forEach(this::keep);
            Optional<S> script = isScript
                    ? Optional.of(new CompiledScript(main, false, own).newScript(base, known))
                    : Optional.empty();
            return new Line<>(script, Set.copyOf(own.keySet()), variables.declarations());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a compiled line has no constructor", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // from closing a loader that has opened nothing
        }
    }

    private void keep(ImportNode node) {
        if (node.isStatic() && node.isStar()) {
            imports.addStaticStars(node.getClassName());
        } else if (node.isStatic()) {
            imports.addStaticImport(node.getAlias(), node.getClassName(), node.getFieldName());
        } else if (node.isStar()) {
            imports.addStarImports(node.getPackageName().replaceFirst("\\.$", ""));
        } else {
            imports.addImport(node.getAlias(), node.getClassName());
        }
    }
}
