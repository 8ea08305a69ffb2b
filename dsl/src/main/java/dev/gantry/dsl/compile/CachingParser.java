package dev.gantry.dsl.compile;

import groovyjarjarantlr4.v4.runtime.CharStream;
import groovyjarjarantlr4.v4.runtime.CommonTokenStream;
import groovyjarjarantlr4.v4.runtime.LexerNoViableAltException;
import groovyjarjarantlr4.v4.runtime.Parser;
import groovyjarjarantlr4.v4.runtime.RecognitionException;
import groovyjarjarantlr4.v4.runtime.TokenSource;
import java.lang.reflect.Field;
import java.time.Duration;
import org.apache.groovy.parser.antlr4.Antlr4ParserPlugin;
import org.apache.groovy.parser.antlr4.AstBuilder;
import org.apache.groovy.parser.antlr4.internal.DescriptiveErrorStrategy;
import org.codehaus.groovy.ast.ModuleNode;
import org.codehaus.groovy.control.ParserPlugin;
import org.codehaus.groovy.control.ParserPluginFactory;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.syntax.Reduction;

/**
 * Groovy's own parser, set to remember its decisions.
 *
 * <p>What a line such as {@code user uid: 1000, gid: 1000} is can only be decided by looking at all that surrounds it,
 * and Groovy lets its parser decide that again for each such line, which takes it some 7 ms. A parser that keeps these
 * decisions takes a twentieth of the time for a long script. Nothing else changes; where a later Groovy has no such
 * switch, its parser is as slow as it is (a specification tells).
 */
final class CachingParser extends Antlr4ParserPlugin {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Makes these parsers. */
    static final ParserPluginFactory FACTORY = within(LIMIT);

    private final long deadline;

    private CachingParser(Duration limit) {
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    /** Makes parsers that give up after a time. */
    static ParserPluginFactory within(Duration limit) {
        return new ParserPluginFactory() {
            @Override
            public ParserPlugin createParserPlugin() {
                return new CachingParser(limit);
            }
        };
    }

    /** Thrown when a text takes too long; the compiler makes an error of its own of it, with this as the cause. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("script: the compiler takes too long to read it; hint: nest brackets and calls less deeply");
        }
    }

    /** Some texts, such as deeply nested ones, would take hours: every decision reads all that follows. */
    private final class Tokens extends CommonTokenStream {
        Tokens(TokenSource source) {
            super(source);
        }

        @Override
        public int LA(int ahead) {
            if (System.nanoTime() - deadline > 0) {
                throw new TooLong();
            }
            return super.LA(ahead);
        }
    }

    /** ANTLR prints the class of an error that it does not know, such as one of the lexer's, on standard error. */
    private static final class Errors extends DescriptiveErrorStrategy {
        Errors(CharStream text) {
            super(text);
        }

        @Override
        public void reportError(Parser parser, RecognitionException e) {
            if (!(e instanceof LexerNoViableAltException)) { // the lexer has reported it to its listeners
                super.reportError(parser, e);
            }
        }
    }

    @Override
    public ModuleNode buildAST(SourceUnit source, ClassLoader loader, Reduction cst) {
        AstBuilder builder = new AstBuilder(source, false, false);
        adjust(builder);
        return builder.buildAST();
    }

    private void adjust(AstBuilder builder) {
        try {
            Field field = AstBuilder.class.getDeclaredField("parser");
            field.setAccessible(true);
            Parser parser = (Parser) field.get(builder);
            parser.getInterpreter().enable_global_context_dfa = true;
            TokenSource tokens = parser.getInputStream().getTokenSource();
            parser.setInputStream(new Tokens(tokens));
            parser.setErrorHandler(new Errors(tokens.getInputStream()));
        } catch (ReflectiveOperationException e) {
            return; // slower, and right all the same
        }
    }
}
