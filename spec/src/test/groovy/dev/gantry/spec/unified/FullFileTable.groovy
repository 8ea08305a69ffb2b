package dev.gantry.spec.unified

import dev.gantry.oci.OciDefaults
import dev.gantry.oci.codec.OciWriter
import dev.gantry.spec.PureCgroupV2KernelSpec
import dev.gantry.spec.support.Command
import dev.gantry.spec.support.Outcome
import dev.gantry.spec.support.UnprivilegedUser
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import spock.lang.AutoCleanup
import spock.lang.Shared
import spock.lang.Specification

/**
 * Gantry where the system has no more open files to give (ENFILE), which concerns users without CAP_SYS_ADMIN only. The
 * limit is the whole kernel's: {@link PureCgroupV2KernelSpec} runs this in one of its own.
 */
@RequiresKernel(programs = ['busybox:busybox-static', 'useradd:passwd', 'setpriv:util-linux', 'newuidmap:uidmap'])
class FullFileTable extends Specification {
    private static final Path LIMIT = Path.of('/proc/sys/fs/file-max')
    private static final int PLENTY = 512

    @Shared @AutoCleanup UnprivilegedUser user = new UnprivilegedUser()
    @Shared Path box
    @Shared int needed

    def setupSpec() {
        box = user.bundle('box')
        def spec = OciDefaults.rootlessSpec(user.uid, user.uid)
        def process = spec.process().toBuilder().terminal(false).args(['echo', 'whole']).build()
        Files.writeString(box.resolve('config.json'), OciWriter.text(spec.toBuilder().process(process).build()))
        assert runWith(PLENTY).out == 'whole\n'
        needed = enough(0, PLENTY)
    }

    /**
     * Halves the range between what is too few and what is enough; returns the fewest files with which a run is whole.
     */
    private int enough(int few, int many) {
        if (many - few == 1) {
            return many
        }
        int middle = (few + many).intdiv(2)
        runWith(middle).out == 'whole\n' ? enough(few, middle) : enough(middle, many)
    }

    private Outcome runWith(int files) {
        def usual = Files.readString(LIMIT)
        int open = Files.readString(Path.of('/proc/sys/fs/file-nr')).tokenize().first() as int
        Files.writeString(LIMIT, "${open + files}")
        try {
            user.gantry(box, 'run', 'c')
        } finally {
            Files.writeString(LIMIT, usual)
        }
    }

    def "with #missing files fewer than it needs a run does all of it, or fails in one line and leaves nothing"() {
        when:
        def outcome = runWith(needed - missing)

        then:
        [outcome.exit == 0, outcome.out] in [[true, 'whole\n'], [false, '']]
        outcome.exit == 0 || outcome.err.readLines().size() == 1 && outcome.err =~ /^gantry.*ENFILE/

        and:
        left(outcome) == []
        processes() == []

        where:
        missing << (1..12)
    }

    private List<String> left(Outcome outcome) {
        user.home.resolve('run/gantry').toFile().list().collect { "$it after $outcome.err" }
    }

    private List<String> processes() {
        new Command('ps', '-o', 'pid=,args=', '-U', user.uid).run().out.readLines()
    }
}
