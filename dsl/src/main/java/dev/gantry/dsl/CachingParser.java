package dev.gantry.dsl;

import groovyjarjarantlr4.v4.runtime.Parser;
import java.lang.reflect.Field;
import org.apache.groovy.parser.antlr4.Antlr4ParserPlugin;
import org.apache.groovy.parser.antlr4.AstBuilder;
import org.codehaus.groovy.ast.ModuleNode;
import org.codehaus.groovy.control.ParserPlugin;
import org.codehaus.groovy.control.ParserPluginFactory;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.syntax.Reduction;

/**
 * Groovy's own parser, told to remember its decisions.
 *
 * <p>What a line such as {@code user uid: 1000, gid: 1000} is can only be decided by looking at all that surrounds it, and
 * Groovy lets its parser decide that anew for each such line, which takes it some 7 ms. A parser that keeps these
 * decisions takes a twentieth of the time for a long script. Nothing else changes; where a later Groovy has no such
 * switch, its parser is as slow as it is (a specification tells).
 */
final class CachingParser extends Antlr4ParserPlugin {
    /** Makes these parsers. */
    static final ParserPluginFactory FACTORY = new ParserPluginFactory() {
        @Override
        public ParserPlugin createParserPlugin() {
            return new CachingParser();
        }
    };

    @Override
    public ModuleNode buildAST(SourceUnit source, ClassLoader loader, Reduction cst) {
        AstBuilder builder = new AstBuilder(source, false, false);
        remember(builder);
        return builder.buildAST();
    }

    private static void remember(AstBuilder builder) {
        try {
            Field parser = AstBuilder.class.getDeclaredField("parser");
            parser.setAccessible(true);
            ((Parser) parser.get(builder)).getInterpreter().enable_global_context_dfa = true;
        } catch (ReflectiveOperationException e) {
            return; // slower, and right all the same
        }
    }
}
