package dev.gantry.repl;

import dev.gantry.dsl.Language;
import org.jline.keymap.KeyMap;
import org.jline.reader.LineReader;
import org.jline.reader.Reference;

/** What Tab does: completes, and after a word that is whole shows what is known of it. */
final class CompletionKeys {
    private static final String WIDGET = "gantry-complete";

    private String before = "";

    private CompletionKeys() {}

    static void bind(LineReader reader) {
        CompletionKeys keys = new CompletionKeys();
        reader.getWidgets().put(WIDGET, () -> keys.complete(reader));
        reader.getKeyMaps().get(LineReader.MAIN).bind(new Reference(WIDGET), KeyMap.ctrl('I'));
    }

    private boolean complete(LineReader reader) {
        String now = reader.getBuffer().upToCursor();
        boolean again = now.equals(before);
        before = now;
        String word = now.replaceFirst("(?s).*?(\\w*)$", "$1");
        if (again && !Language.find(word).isEmpty()) {
            reader.printAbove(ColonCommands.doc(word));
            return true;
        }
        reader.callWidget(LineReader.EXPAND_OR_COMPLETE);
        before = reader.getBuffer().upToCursor();
        return true;
    }
}
