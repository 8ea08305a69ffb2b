package dev.gantry.spec.support

/** Draws what a terminal showed, as an SVG: lines of text with their colours, as tmux captures them. */
class TerminalPicture {
    private static final String FONT = 'ui-monospace, Menlo, Consolas, monospace'
    private static final String ESCAPE = '\u001b'
    private static final int LINE = 18
    private static final double LETTER = 8.4
    private static final int MARGIN = 16
    private static final Map<String, String> COLOURS = [
        '30': '#45475a', '31': '#f38ba8', '32': '#a6e3a1', '33': '#f9e2af', '34': '#89b4fa', '35': '#cba6f7',
        '36': '#94e2d5', '37': '#bac2de', '90': '#6c7086', '97': '#ffffff',
    ]

    /** Returns the lines without colours. */
    static List<String> plain(List<String> lines) {
        lines*.replaceAll(/$ESCAPE\[[0-9;]*m|$ESCAPE\([A-Z]|[\u000e\u000f]/, '')*.stripTrailing()
    }

    static String svg(List<String> lines) {
        int width = 2 * MARGIN + LETTER * plain(lines)*.length().max()
        int height = 2 * MARGIN + LINE * lines.size()
        def rows = lines.withIndex().collect { line, row ->
            """<text x="$MARGIN" y="${MARGIN + LINE * row + 13}">${runs(line)}</text>"""
        }
        """\
            <svg xmlns="http://www.w3.org/2000/svg" width="$width" height="$height" viewBox="0 0 $width $height">
            <rect width="$width" height="$height" rx="8" fill="#1e1e2e"/>
            <g font-family="$FONT" font-size="14" fill="#cdd6f4" xml:space="preserve">
            """.stripIndent() + rows.join('\n') + '\n</g>\n</svg>\n'
    }

    private static String runs(String line) {
        def state = [:]
        def out = new StringBuilder()
        line.split(/(?=$ESCAPE\[)/).each { part ->
            def matcher = part =~ /^$ESCAPE\[([0-9;]*)m/
            def text = matcher.find() ? part.substring(matcher.end()) : part
            if (matcher.reset().find()) {
                change(state, matcher.group(1))
            }
            if (text) {
                out << (state ? "<tspan ${state.values().join(' ')}>${escaped(text)}</tspan>" : escaped(text))
            }
        }
        out
    }

    private static void change(Map state, String codes) {
        (codes ?: '0').split(';').each { code ->
            switch (code) {
                case '0': state.clear(); break
                case '1': state.weight = 'font-weight="bold"'; break
                case '2': state.faint = 'opacity="0.6"'; break
                case '22': state.remove('weight'); state.remove('faint'); break
                case '39': state.remove('colour'); break
                case COLOURS.keySet(): state.colour = "fill=\"${COLOURS[code]}\"".toString(); break
                default: break // no backgrounds
            }
        }
    }

    private static String escaped(String text) {
        text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    }
}
