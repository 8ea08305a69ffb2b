package dev.gantry.dsl.compile;

import java.util.regex.Pattern;
import org.codehaus.groovy.control.ErrorCollector;
import org.codehaus.groovy.control.messages.Message;
import org.codehaus.groovy.control.messages.SyntaxErrorMessage;

/**
 * Passes mistakes on, but for those about what is in a list or a map: when a script runs nothing depends on it, and
 * what scripts put in is often unknown before.
 */
final class LenientCollector extends ErrorCollector {
    private static final Pattern CONTENT = Pattern.compile("(?s)(\\[Static type checking] - )?"
            + "(Cannot call <.*> .* with arguments .*|Incompatible generic argument types\\. .*)");

    private static final long serialVersionUID = 1L; // of its base; nobody writes it anywhere

    private final transient ErrorCollector next;

    LenientCollector(ErrorCollector next) {
        super(next.getConfiguration());
        this.next = next;
    }

    @Override
    public void addErrorAndContinue(Message message) {
        boolean isContent = message instanceof SyntaxErrorMessage syntax
                && CONTENT.matcher(syntax.getCause().getOriginalMessage()).matches();
        if (!isContent) {
            next.addErrorAndContinue(message);
        }
    }

    @Override
    public boolean hasErrors() {
        return next.hasErrors();
    }
}
