package dev.gantry.dsl.check

import org.codehaus.groovy.ast.ClassNode
import org.codehaus.groovy.transform.stc.StaticTypeCheckingVisitor

/**
 * The extension by the name under which the compiler loads it. In Groovy, and dynamic, for one reason: what the compiler
 * knows about a closure's delegate is closed to Java.
 */
class DslTypeChecking extends KeywordChecking {
    DslTypeChecking(StaticTypeCheckingVisitor visitor) {
        super(visitor)
    }

    @Override
    protected ClassNode block() {
        def metadata = context.delegationMetadata
        while (metadata != null && metadata.type == context.enclosingClassNode) { // a closure that is no block
            metadata = metadata.parent
        }
        metadata?.type
    }
}
