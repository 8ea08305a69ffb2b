package dev.gantry.spec.support

import java.lang.reflect.ParameterizedType
import java.lang.reflect.RecordComponent
import java.lang.reflect.Type

/**
 * Every property path of a document, read off the records that stand for it: `mounts[].options[]`, `linux.sysctl.*`.
 */
class PropertyPaths {
    /** Where a name of the document is no name in Java. */
    private static final Map<String, String> NAMES = [ioClass: 'class', finalCpus: 'final']

    /** Only leaves: a path of an object is there when one of its members is. */
    static List<String> of(Class<? extends Record> document) {
        document.recordComponents.collectMany { below(name(it), it.genericType) }
    }

    private static String name(RecordComponent component) {
        NAMES.getOrDefault(component.name, component.name)
    }

    private static List<String> below(String path, Type type) {
        if (type instanceof ParameterizedType) {
            def last = type.actualTypeArguments.last()
            return below(path + (type.rawType == Map ? '.*' : '[]'), last)
        }
        type instanceof Class && type.isRecord() ? of(type).collect { "$path.$it".toString() } : [path]
    }
}
