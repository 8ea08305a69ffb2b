package dev.gantry.rootfs

import dev.gantry.kernel.FileFacts
import spock.lang.Specification

/** What root of a user namespace may do with files is what capable_wrt_inode_uidgid() and the mode bits say. */
class MappedIdsSpec extends Specification {
    private static final int READ = 4
    private static final int WRITE = 2
    private static final int SEARCH = 1

    private static final MappedIds IDS =
            new MappedIds(true, [new MappedIds.Range(0, 100_000, 10)], [new MappedIds.Range(0, 200_000, 10)])

    private static FileFacts file(int mode, int uid, int gid) {
        new FileFacts(1, 2, 3, 0100000 | mode, uid, gid)
    }

    def "a file of #uid:#gid with mode #mode may be read #read, written #write, searched #search; is its own: #own"() {
        given:
        def facts = file(Integer.parseInt(mode, 8), uid, gid)

        expect:
        [READ, WRITE, SEARCH].collect { IDS.allow(facts, it) } == [read, write, search]
        IDS.own(facts) == own

        where:
        uid     | gid     | mode   || read  | write | search | own
        100_000 | 200_000 | '0000' || true  | true  | true   | true
        100_009 | 200_009 | '0000' || true  | true  | true   | true
        100_010 | 200_000 | '0707' || false | false | false  | false
        100_010 | 200_000 | '0050' || true  | false | true   | false
        100_000 | 0       | '0077' || false | false | false  | false
        100_000 | 0       | '0600' || true  | true  | false  | false
        100_001 | 0       | '0600' || false | false | false  | false
        0       | 0       | '0600' || false | false | false  | false
        0       | 0       | '0644' || true  | false | false  | false
        0       | 0       | '0003' || false | true  | true   | false
    }

    def "this process's own namespace has all ids, whatever is said of it in the one above"() {
        given:
        def ids = MappedIds.of(ProcessHandle.current().pid() as int)

        expect:
        !ids.isApart()
        ids.rootUser() == 0
        ids.own(file(0, 0, -2))
    }
}
