package dev.gantry.spec.support

import static dev.gantry.oci.HookPoint.CREATE_CONTAINER
import static dev.gantry.oci.HookPoint.CREATE_RUNTIME
import static dev.gantry.oci.HookPoint.POSTSTART
import static dev.gantry.oci.HookPoint.POSTSTOP
import static dev.gantry.oci.HookPoint.PRESTART
import static dev.gantry.oci.HookPoint.START_CONTAINER

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.oci.Hook
import dev.gantry.oci.HookPoint
import dev.gantry.oci.Hooks
import dev.gantry.oci.OciConfig
import java.nio.file.Files
import java.nio.file.Path

/** What specs about hooks share: two logs, and hooks that write to them. */
abstract class HookSpecification extends ContainerSpecification {
    protected static final ObjectMapper JSON = new ObjectMapper()

    /** What hooks of the host write, and those inside. */
    protected File log
    protected File inside

    def setup() {
        log = shared.resolve("log-${newId()}").toFile()
        inside = bundle.resolve('rootfs/tmp/log').toFile()
        [log, inside].each { it.text = '' }
    }

    protected Hook shell(String script) {
        new Hook('/bin/sh', ['sh', '-c', script], ['PATH=/usr/bin:/bin'], null)
    }

    protected String place(HookPoint point) {
        point == START_CONTAINER ? '/tmp/log' : log.toString()
    }

    /** Notes its name and what it was told; the container cannot reach the host's log. */
    protected Hook appending(String name) {
        shell("{ echo -n '$name '; cat; echo; } >>${name.startsWith('startContainer') ? '/tmp/log' : log}")
    }

    protected Path executable(String text) {
        def file = shared.resolve("hook-${newId()}")
        Files.writeString(file, text)
        file.toFile().setExecutable(true)
        file
    }

    protected static List<Map> entries(File file) {
        file.readLines().collect { line ->
            def parts = line.split(' ', 2)
            [name: parts[0], state: JSON.readTree(parts[1]) as JsonNode]
        }
    }

    protected OciConfig hooked(List<String> args, Map<HookPoint, List<Hook>> hooks) {
        def list = { HookPoint point -> hooks[point] ?: [] }
        config(args).toBuilder()
                .hooks(new Hooks(list(PRESTART), list(CREATE_RUNTIME), list(CREATE_CONTAINER), list(START_CONTAINER),
                    list(POSTSTART), list(POSTSTOP)))
                .build()
    }
}
