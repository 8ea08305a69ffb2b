package dev.gantry.spec.support

import com.fasterxml.jackson.databind.ObjectMapper
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import org.junit.platform.engine.TestExecutionResult
import org.junit.platform.engine.discovery.DiscoverySelectors
import org.junit.platform.engine.support.descriptor.ClassSource
import org.junit.platform.engine.support.descriptor.MethodSource
import org.junit.platform.launcher.TestExecutionListener
import org.junit.platform.launcher.TestIdentifier
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder
import org.junit.platform.launcher.core.LauncherFactory

/** Runs specifications in a kernel of their own, and writes what became of each feature: a JSON object a line. */
class InsideUserModeLinux implements TestExecutionListener {
    private final ObjectMapper json = new ObjectMapper()
    private final Path results

    InsideUserModeLinux(Path results) {
        this.results = results
    }

    /** Arguments: the file for the results, then the names of classes. */
    static void main(String[] args) {
        def request = LauncherDiscoveryRequestBuilder.request()
                .selectors(args.tail().collect { DiscoverySelectors.selectClass(it) })
                .build()
        LauncherFactory.create().execute(request, new InsideUserModeLinux(Path.of(args.head())))
        System.exit(0)
    }

    @Override
    void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.test || result.status != TestExecutionResult.Status.SUCCESSFUL) {
            write(test, result.status.name(), result.throwable.map { it.toString() }.orElse(''))
        }
    }

    @Override
    void executionSkipped(TestIdentifier test, String reason) {
        write(test, 'SKIPPED', reason)
    }

    private void write(TestIdentifier test, String status, String message) {
        def line =
            json.writeValueAsString([spec: spec(test), feature: test.displayName, status: status, message: message])
        Files.writeString(results, line + '\n', StandardOpenOption.CREATE, StandardOpenOption.APPEND)
    }

    private static String spec(TestIdentifier test) {
        def source = test.source.orElse(null)
        def name = source instanceof MethodSource ? source.className : source instanceof ClassSource ?
            source.className : '?'
        name.substring(name.lastIndexOf('.') + 1)
    }
}
