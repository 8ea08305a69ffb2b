package dev.gantry.spec.support

import com.fasterxml.jackson.databind.ObjectMapper
import dev.gantry.oci.OciDefaults
import dev.gantry.oci.codec.OciWriter
import java.nio.charset.StandardCharsets
import java.nio.file.Files
import java.nio.file.Path

/**
 * Makes wrong, odd and hostile configs out of sound ones: the same for the same number, whenever and wherever it is
 * asked. Most have one to four changes, so that many of them still say something; every five-hundredth is megabytes
 * long.
 */
class ConfigMutator {
    private static final ObjectMapper JSON = new ObjectMapper()
    private static final long SEED = 20261121L
    private static final Path MAXIMAL = Path.of('../runtime/src/test/resources/dev/gantry/oci/maximal.json')

    /** Text that JSON writers do not write: it stands for itself. */
    private static final List<String> RAW = [
            '1e400', '-1e400', '1e-400', '9223372036854775807', '9223372036854775808', '-9223372036854775808',
            '18446744073709551615', '4294967295', '4294967296', '2147483648', '-2147483649', '9007199254740993', '0.1',
            '-0', '1.0', '00', '0x10', '+1', '.5', 'NaN', 'Infinity', '1' * 99, '1' * 5000, '"\\u0000"', '"a\\u0000b"',
            '"\\ud800"', '"\\udfff\\ud800"', '"\\u202e/cod"', '"\\ufeff"', '"e\\u0301"', '"\\ud83d\\ude00"',
            '"\\u2028"', '"\\u001b[2J"', '"\\n"', '"\\r\\n\\tat x.Y"', '"' + 'x' * 70_000 + '"',
            '"' + '/x' * 3000 + '"', '[' * 63 + ']' * 63, '[' * 100 + ']' * 100, '[' * 20_000,
            '{"a":' * 50 + '1' + '}' * 50, '{"a":' * 5000 + '1' + '}' * 5000, 'null', 'true', 'false', '[]', '{}', '""',
            '"', '\'x\'', 'undefined', '[,]', '{"a":1,"a":2}', '[null]', '{"":null}', '/**/1', '',
            '{"containerID":0,"hostID":0,"size":4294967295}', '[{"type":"mount"},{"type":"mount"}]']

    private static final List<Object> VALUES = [
            null, true, false, 0, 1, -1, 2, 7, 255, 1024, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE,
            Long.MIN_VALUE, 4_294_967_295L, 0.5d, '', ' ', '/', '.', '..', '../..', '/..', '../../../../../etc',
            '/etc/passwd', '/dev/null', '/proc', '/proc/self/fd/7', '/proc/1/root', '/sys', '/dev', '-', '--', '*',
            '%s%n', '$(id)', '`id`', 'true', '0', '-1', 'all', 'bind', 'rbind', 'ro', 'rro', 'idmap', 'tmpcopyup',
            'shared', 'rslave', 'proc', 'sysfs', 'tmpfs', 'overlay', 'cgroup', 'mqueue', 'devpts', 'none', 'lowerdir=/',
            'size=1', 'mode=777', 'CAP_SYS_ADMIN', 'SCMP_ACT_NOTIFY', 'user', 'mount', 'network', 'pid', 'time',
            'cgroup', 'RLIMIT_NOFILE', 'c', 'b', 'p', 'rwm', [], [[]], ['x'], [1, 2], [null], [:], ['x': 1],
            ['path': '/x'], ['type': 'user']]

    private final List<Map> sources

    ConfigMutator() {
        def specs = [OciDefaults.spec(), OciDefaults.withCgroupNamespace(OciDefaults.spec()),
            OciDefaults.rootlessSpec(0, 0)]
        sources = specs.collect { JSON.readValue(OciWriter.text(it), Map) } +
            JSON.readValue(Files.readString(MAXIMAL), Map)
    }

    /** Returns config number {@code n}. */
    byte[] config(int n) {
        def random = new Random(SEED * 31 + n)
        def tree = copy(sources[n % 10 == 0 ? 3 : random.nextInt(3)])
        tree.process?.terminal = random.nextInt(10) == 0
        def raw = [:]
        (1 + random.nextInt(4)).times { change(tree, random, raw) }
        def text = JSON.writeValueAsString(tree)
        raw.each { mark, literal -> text = text.replace("\"$mark\"".toString(), literal.toString()) }
        damage(text, n, random)
    }

    private static byte[] damage(String text, int n, Random random) {
        switch (n % 100) {
            case 1: return text.substring(0, random.nextInt(text.length())).getBytes(StandardCharsets.UTF_8) // cut off
            case 2: return duplicated(text, random).getBytes(StandardCharsets.UTF_8)
            case 3: return flipped(text.getBytes(StandardCharsets.UTF_8), random)
            case 4: return ('\ufeff' + text).getBytes(random.nextBoolean() ? StandardCharsets.UTF_8 :
                StandardCharsets.UTF_16)
            case 5: return (text + text).getBytes(StandardCharsets.UTF_8)
            case 99: return (n % 500 == 99 ? large(text, n) : text).getBytes(StandardCharsets.UTF_8)
            default: return text.getBytes(StandardCharsets.UTF_8)
        }
    }

    /** One of its members twice, with two values. */
    private static String duplicated(String text, Random random) {
        def members = (text =~ /"([a-zA-Z]+)":/).collect { it[1] }
        def name = members[random.nextInt(members.size())]
        text.replaceFirst("\"$name\":", java.util.regex.Matcher.quoteReplacement("\"$name\":null,\"$name\":"))
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        (1 + random.nextInt(5)).times { bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256) }
        bytes
    }

    /** Five million characters, in one of the ways to spend them. */
    private static String large(String text, int n) {
        def filling = [
                { '"annotations":{' + (1..150_000).collect { "\"key-number-$it\":\"some value\"" }.join(',') + '}' },
                { '"x":"' + 'y' * 5_000_000 + '"' },
                { '"x":[' + '0,' * 2_500_000 + '0]' },
                { '"x":' + '[' * 2_500_000 + ']' * 2_500_000 },
                { '"x":' + ' ' * 5_000_000 + '1' }][n.intdiv(500) % 5].call()
        '{' + filling + ',' + text.substring(1)
    }

    private static void change(Object tree, Random random, Map raw) {
        def places = []
        collect(tree, places)
        def (container, key) = places[random.nextInt(places.size())]
        switch (random.nextInt(12)) {
            case 0..2: remove(container, key); break
            case 3..5: put(container, key, VALUES[random.nextInt(VALUES.size())]); break
            case 6..7:
                def mark = "@@raw${raw.size()}@@".toString()
                raw[mark] = RAW[random.nextInt(RAW.size())]
                put(container, key, mark)
                break
            case 8: // a value from elsewhere
                def (other, otherKey) = places[random.nextInt(places.size())]
                put(container, key, copy(other[otherKey]))
                break
            case 9: // once more
                container instanceof List ? container.add(copy(container[key])) :
                    container.put("${key}2".toString(), copy(container[key]))
                break
            case 10: // many times more
                container instanceof List ? 100.times { container.add(copy(container[key])) } :
                    container.put(key, [container[key]] * 50)
                break
            default: container instanceof List ? Collections.shuffle(container, random) :
                container.put(key.toString().toUpperCase(Locale.ROOT), container.remove(key))
        }
    }

    private static void collect(Object node, List places) {
        if (node instanceof Map) {
            node.each { key, value -> places << [node, key]; collect(value, places) }
        } else if (node instanceof List) {
            node.eachWithIndex { value, index -> places << [node, index]; collect(value, places) }
        }
    }

    private static void put(Object container, Object key, Object value) {
        container instanceof List ? container.set(key as int, value) : container.put(key, value)
    }

    private static void remove(Object container, Object key) {
        container instanceof List ? container.remove(key as int) : container.remove(key)
    }

    private static Object copy(Object node) {
        JSON.readValue(JSON.writeValueAsString(node), Object)
    }
}
