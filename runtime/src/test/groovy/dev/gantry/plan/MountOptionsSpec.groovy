package dev.gantry.plan

import static dev.gantry.plan.MountOptions.ATIME
import static dev.gantry.plan.MountOptions.NOATIME
import static dev.gantry.plan.MountOptions.NODEV
import static dev.gantry.plan.MountOptions.NODIRATIME
import static dev.gantry.plan.MountOptions.NOEXEC
import static dev.gantry.plan.MountOptions.NOSUID
import static dev.gantry.plan.MountOptions.NOSYMFOLLOW
import static dev.gantry.plan.MountOptions.RDONLY
import static dev.gantry.plan.MountOptions.STRICTATIME

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Specification

/** Options of mounts become flags, propagation and data. */
class MountOptionsSpec extends Specification {
    private static final long ALL_FLAGS = RDONLY | NOSUID | NODEV | NOEXEC | NOSYMFOLLOW

    def "flag `#option`, alone and with `r` for all mounts below"() {
        expect:
        parse(option) == options(set: set, clear: clear)
        parse('r' + option) == options(recursiveSet: set, recursiveClear: clear)
        parse('r' + option).forNewMount() == options(set: set, clear: clear, tidied: 0)

        where:
        option          || set         | clear
        'ro'            || RDONLY      | 0
        'rw'            || 0           | RDONLY
        'nosuid'        || NOSUID      | 0
        'suid'          || 0           | NOSUID
        'nodev'         || NODEV       | 0
        'dev'           || 0           | NODEV
        'noexec'        || NOEXEC      | 0
        'exec'          || 0           | NOEXEC
        'nosymfollow'   || NOSYMFOLLOW | 0
        'symfollow'     || 0           | NOSYMFOLLOW
        'noatime'       || NOATIME     | ATIME
        'strictatime'   || STRICTATIME | ATIME
        'relatime'      || 0           | ATIME
    }

    def "a kind of access times that is asked for replaces all of the source's, `#given`"() {
        expect:
        parse(*given).with { [it.set(), it.clear(), it.tidied() & NODIRATIME] } == [set, clear, tidied]

        where:
        given                       || set                    | clear | tidied
        ['noatime']                 || NOATIME                | ATIME | NODIRATIME
        ['relatime']                || 0                      | ATIME | NODIRATIME
        ['strictatime']             || STRICTATIME            | ATIME | NODIRATIME
        ['nodiratime']              || NODIRATIME             | ATIME | 0
        ['noatime', 'nodiratime']   || NOATIME + NODIRATIME   | ATIME | 0
        ['nodiratime', 'diratime']  || 0                      | 0     | 0
        ['ro']                      || RDONLY                 | 0     | 0
    }

    def "a clearing word takes back what the config has set and nothing else: #given"() {
        expect:
        parse(*given) == options(wanted)

        where:
        given                             || wanted
        ['atime']                         || [tidied: ALL_FLAGS]
        ['norelatime']                    || [tidied: ALL_FLAGS]
        ['nostrictatime']                 || [tidied: ALL_FLAGS]
        ['diratime']                      || [tidied: ALL_FLAGS]
        ['noatime', 'atime']              || [tidied: ALL_FLAGS]
        ['strictatime', 'nostrictatime']  || [tidied: ALL_FLAGS]
        ['relatime', 'norelatime']        || [tidied: ALL_FLAGS]
        ['noatime', 'norelatime']         || [set: NOATIME, clear: ATIME]
        ['strictatime', 'atime']          || [set: STRICTATIME, clear: ATIME]
        ['rnorelatime']                   || [:]
        ['rrelatime', 'rnorelatime']      || [:]
        ['rnoatime', 'rnorelatime']       || [recursiveSet: NOATIME, recursiveClear: ATIME]
        ['ratime']                        || [recursiveClear: ATIME]
        ['rnodiratime']                   || [recursiveSet: NODIRATIME]
        ['rdiratime']                     || [recursiveClear: NODIRATIME]
    }

    def "a new mount has the recursive flags itself: #given"() {
        expect:
        parse(*given).forNewMount().with { [it.set(), it.recursiveSet(), it.recursiveClear()] } == [set, 0, 0]

        where:
        given                           || set
        ['rro']                         || RDONLY
        ['ro', 'rrw']                   || 0
        ['rw', 'rro', 'nosuid']         || RDONLY + NOSUID
        ['noatime', 'rstrictatime']     || STRICTATIME
        ['noatime', 'nodiratime', 'rrelatime'] || NODIRATIME
        ['rnosymfollow', 'rnoexec']     || NOSYMFOLLOW + NOEXEC
    }

    def "propagation `#option`"() {
        expect:
        parse(option) == options(propagation: Propagation.valueOf(option.toUpperCase(Locale.ROOT)))

        where:
        option << ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave', 'unbindable', 'runbindable']
    }

    def "`#option` asks for no more than there is"() {
        expect:
        parse(option) == options([:])

        where:
        option << ['', 'defaults', 'loud', 'silent', 'nomand', 'noiversion', 'nolazytime']
    }

    def "what is no flag is for the file system: `#option`"() {
        expect:
        parse(option) == options(data: [option])

        where:
        option << ['size=64k', 'mode=755', 'newinstance', 'sync', 'async', 'dirsync', 'lazytime', 'unchanged', 'RO',
            'r', 'rsize=1']
    }

    def "kinds of mounts: #given"() {
        expect:
        parse(*given) == options(wanted)

        where:
        given                  || wanted
        ['bind']               || [bind: true]
        ['rbind']              || [bind: true, recursiveBind: true]
        ['bind', 'rbind']      || [bind: true, recursiveBind: true]
        ['rbind', 'bind']      || [bind: true, recursiveBind: true]
        ['tmpcopyup']          || [copyUp: true]
        ['bind', 'idmap']      || [bind: true, idmap: MountOptions.IdMap.IDMAP]
        ['ridmap', 'idmap']    || [idmap: MountOptions.IdMap.RIDMAP]
        ['idmap', 'ridmap']    || [idmap: MountOptions.IdMap.RIDMAP]
    }

    def "of two that contradict each other the later counts: #given"() {
        expect:
        parse(*given) == options(wanted)

        where:
        given                         || wanted
        ['ro', 'rw']                  || [clear: RDONLY]
        ['rw', 'ro']                  || [set: RDONLY]
        ['ro', 'rw', 'ro']            || [set: RDONLY]
        ['rro', 'rrw']                || [recursiveClear: RDONLY]
        ['rrw', 'rro']                || [recursiveSet: RDONLY]
        ['ro', 'rrw']                 || [set: RDONLY, recursiveClear: RDONLY]
        ['noexec', 'nodev', 'exec']   || [set: NODEV, clear: NOEXEC]
        ['noatime', 'strictatime']    || [set: STRICTATIME, clear: ATIME]
        ['strictatime', 'noatime']    || [set: NOATIME, clear: ATIME]
        ['noatime', 'relatime']       || [clear: ATIME]
        ['rnoatime', 'ratime']        || [recursiveClear: ATIME]
        ['noatime', 'nodiratime']     || [set: NOATIME | NODIRATIME, clear: ATIME]
        ['private', 'rshared']        || [propagation: Propagation.RSHARED]
        ['mode=700', 'mode=755']      || [data: ['mode=700', 'mode=755']]
    }

    def "a bind mount keeps the source's flags, or has exactly those that are given: #given"() {
        expect:
        (parse(*given).tidied() | parse(*given).clear()) == wanted

        where:
        given                  || wanted
        []                     || 0
        ['bind']               || 0
        ['rbind', 'rslave']    || 0
        ['rro', 'rnoexec']     || 0
        ['x=1']                || 0
        ['ro']                 || ALL_FLAGS & ~RDONLY
        ['rw']                 || ALL_FLAGS
        ['atime']              || ALL_FLAGS
        ['nosuid', 'nodev']    || ALL_FLAGS & ~(NOSUID | NODEV)
        ['nosymfollow', 'dev'] || ALL_FLAGS & ~NOSYMFOLLOW
        ['noatime']            || ALL_FLAGS.or(NODIRATIME).or(ATIME)
        ['ro', 'relatime']     || (ALL_FLAGS & ~RDONLY).or(NODIRATIME).or(ATIME)
        ['diratime']           || ALL_FLAGS
    }

    def "every option has a row in the documentation, and no other has"() {
        given:
        def rows = (Files.readString(Path.of('../docs/coverage.md')) =~
            /(?m)^\| option `(\w+)` \| [^|]+ \| [^|]+ \| [^|]+ \|$/).collect { it[1] }

        expect:
        rows.sort() == MountOptions.known().toList()
    }

    def "made writable, all else stays"() {
        expect:
        parse('ro', 'nosuid', 'rro', 'slave', 'mode=1').writable() == parse('nosuid', 'rro', 'slave', 'mode=1')
        parse('ro').isReadonly()
        !parse('rro').isReadonly()
        !parse('ro').writable().isReadonly()
    }

    def "described as `#text`"() {
        expect:
        parse(*given).describe() == text

        where:
        given                                           || text
        []                                              || ''
        ['bind']                                        || ''
        ['rbind', 'rro', 'ro', 'rslave']                || 'rbind,ro,rro,rslave'
        ['size=1', 'ro', 'nosuid', 'dev']               || 'dev,nosuid,ro,size=1'
        ['strictatime', 'rnoatime']                     || 'strictatime,rnoatime'
        ['relatime', 'rrw', 'rnodev']                   || 'relatime,rnodev,rrw'
    }

    private static MountOptions parse(String... options) {
        MountOptions.parse(options as List)
    }

    private static MountOptions options(Map parts) {
        long set = parts.set ?: 0
        long clear = parts.clear ?: 0
        long others = (ALL_FLAGS | (clear & ATIME ? NODIRATIME : 0)) & ~set & ~clear
        new MountOptions(
                set, clear, parts.tidied != null ? parts.tidied : set || clear ? others : 0,
                parts.recursiveSet ?: 0, parts.recursiveClear ?: 0, parts.propagation ?: Propagation.UNCHANGED,
                parts.bind ?: false, parts.recursiveBind ?: false, parts.idmap ?:
                MountOptions.IdMap.NONE, parts.copyUp ?: false, parts.data ?: [])
    }
}
