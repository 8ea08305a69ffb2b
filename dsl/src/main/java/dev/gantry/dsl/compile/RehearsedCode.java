package dev.gantry.dsl.compile;

import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;

/**
 * Rewrites a script so that each of its statements can fail by itself, see {@link dev.gantry.dsl.rehearsal.Rehearsal}.
 * {@code def x = f()} becomes
 *
 * <pre>{@code
 * def x
 * try { x = f() } catch (Throwable t) { x = Rehearsal.failed(t) }
 * }</pre>
 *
 * <p>Locals lose their types, since they may hold the unknown value; the compiler's checks have seen the script before.
 */
final class RehearsedCode extends CompilationCustomizer {
    RehearsedCode() {
        super(CompilePhase.CONVERSION); // before names are resolved
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
        if (type.isScript()) { // a class of the script's own is left as it is
            RehearsedStatements statements = new RehearsedStatements(source);
            for (MethodNode method : type.getMethods()) {
                if (method.getCode() != null) {
                    boolean returns = !method.getName().equals("run") && !method.isVoidMethod();
                    method.setCode(statements.body(method.getCode(), returns));
                }
            }
        }
    }
}
