package dev.gantry.dsl.compile;

import java.util.Map;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.ModuleNode;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;

/** Imports the types of the language by the names that scripts use, unless the script has such a name of its own. */
final class NamedTypes extends CompilationCustomizer {
    private final Map<String, Class<?>> types;

    /**
     * Creates the customizer.
     *
     * @param types by the names that scripts use
     */
    NamedTypes(Map<String, Class<?>> types) {
        super(CompilePhase.CONVERSION); // before names are resolved
        this.types = types;
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        ModuleNode module = source.getAST();
        types.forEach((name, meant) -> {
            boolean isOwn = module.getImport(name) != null
                    || module.getClasses().stream()
                            .anyMatch(one -> one.getNameWithoutPackage().equals(name));
            if (!isOwn) {
                module.addImport(name, ClassHelper.make(meant));
            }
        });
    }
}
