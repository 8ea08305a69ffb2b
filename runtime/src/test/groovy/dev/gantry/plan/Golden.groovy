package dev.gantry.plan

import java.nio.file.Files
import java.nio.file.Path

/** Plans as they were approved; {@code -DupdateGolden} writes them anew, to be reviewed as code. */
class Golden {
    private static final Path DIR = Path.of('src/test/resources/dev/gantry/plan')

    static String text(LaunchPlan plan) {
        plan.steps().collect { planned ->
            def details = planned.step().details()
            planned.step().describe() + (details ? " ($details)" : '') + " [${planned.origin()}]\n"
        }.join('')
    }

    /** The approved text of that name. */
    static String approved(String name, String actual) {
        def file = DIR.resolve("${name}.txt")
        if (System.getProperty('updateGolden') != null) {
            Files.writeString(file, actual)
        }
        Files.exists(file) ? Files.readString(file) : ''
    }

    static List<String> names() {
        DIR.toFile().list().collect { it - '.txt' }.sort()
    }
}
