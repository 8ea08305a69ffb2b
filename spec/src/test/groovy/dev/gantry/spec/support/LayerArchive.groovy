package dev.gantry.spec.support

import java.nio.charset.StandardCharsets

/** Tar archives of any entries, right or wrong, octet by octet. */
class LayerArchive {
    private static final int RECORD = 512

    /**
     * The archive of entries, each a map: `name`, `type` (a character, '0' by default), `mode`, `uid`, `gid`, `link`,
     * `data` (text or octets), `size` (that of the data by default), `major`, `minor`, `time`, and `pax`, a map of
     * records.
     */
    static byte[] of(List<Map> entries) {
        def out = new ByteArrayOutputStream()
        entries.each { write(out, it) }
        out.write(new byte[2 * RECORD])
        out.toByteArray()
    }

    private static void write(ByteArrayOutputStream out, Map entry) {
        if (entry.pax) {
            def records = new ByteArrayOutputStream()
            entry.pax.each { key, value -> records.write(record(key.toString(), octets(value))) }
            write(out, [name: 'pax', type: 'x', data: records.toByteArray()])
        }
        def data = octets(entry.data ?: '')
        out.write(header(entry, entry.containsKey('size') ? entry.size as long : data.length))
        out.write(data)
        out.write(new byte[(RECORD - data.length % RECORD) % RECORD])
    }

    private static byte[] header(Map entry, long size) {
        def header = new byte[RECORD]
        put(header, 0, 100, octets(entry.name))
        put(header, 100, 8, octal(entry.mode == null ? (entry.type == '5' ? 0755 : 0644) : entry.mode, 7))
        put(header, 108, 8, octal(entry.uid ?: 0, 7))
        put(header, 116, 8, octal(entry.gid ?: 0, 7))
        put(header, 124, 12, octal(size, 11))
        put(header, 136, 12, octal(entry.time ?: 1_600_000_000, 11))
        header[156] = (entry.type ?: '0').charAt(0) as byte
        put(header, 157, 100, octets(entry.link ?: ''))
        put(header, 257, 8, octets('ustar\u000000'))
        put(header, 329, 8, octal(entry.major ?: 0, 7))
        put(header, 337, 8, octal(entry.minor ?: 0, 7))
        Arrays.fill(header, 148, 156, ' ' as char as byte)
        put(header, 148, 8, octal(entry.checksum ?: header.collect { it & 0xff }.sum(), 6))
        header[154] = 0
        header
    }

    private static void put(byte[] header, int from, int most, byte[] value) {
        System.arraycopy(value, 0, header, from, Math.min(most, value.length))
    }

    private static byte[] octal(number, int digits) {
        octets(Long.toOctalString(number as long).padLeft(digits, '0'))
    }

    private static byte[] record(String key, byte[] value) {
        int rest = key.getBytes(StandardCharsets.UTF_8).length + value.length + 3
        int length = rest + "$rest".length()
        length = rest + "$length".length()
        def out = new ByteArrayOutputStream()
        [octets("$length $key="), value, octets('\n')].each { out.write(it) }
        out.toByteArray()
    }

    private static byte[] octets(value) {
        value instanceof byte[] ? value : value.toString().getBytes(StandardCharsets.UTF_8)
    }
}
