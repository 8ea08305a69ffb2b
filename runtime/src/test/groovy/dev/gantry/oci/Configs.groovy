package dev.gantry.oci

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.JsonNodeFactory
import dev.gantry.error.Problems
import dev.gantry.oci.codec.OciReader

/** Configs from maps that look like their JSON. */
class Configs {
    static OciConfig of(Map config) {
        def problems = new Problems()
        def read = OciReader.config(tree(config), problems)
        problems.throwIfAny()
        read
    }

    static Process process(Map process) {
        of(process: process).process()
    }

    private static JsonNode tree(Object value) {
        def nodes = JsonNodeFactory.instance
        switch (value) {
            case null: return nodes.nullNode()
            case Map: return nodes.objectNode().setAll(value.collectEntries { [it.key, tree(it.value)] })
            case Collection: return nodes.arrayNode().addAll(value.collect { tree(it) })
            case Boolean: return nodes.booleanNode(value)
            case Number: return nodes.numberNode(value as BigInteger)
            default: return nodes.textNode(value as String)
        }
    }
}
