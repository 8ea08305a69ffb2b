package dev.gantry.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The options of a mount, sorted into what the kernel takes in different ways.
 *
 * @param set {@code MOUNT_ATTR_*} bits to set
 * @param clear bits that an option asked to clear; {@code _ATIME} is in it when a kind of atime was chosen
 * @param tidied bits that a bind mount does not keep from its source, since some option names a flag; what is locked of
 *     them may stay
 * @param recursiveSet as {@code set}, for every mount below too
 * @param recursiveClear as {@code clear}, for every mount below too
 * @param bind whether an option asked for a bind mount
 * @param recursiveBind whether mounts below the source come along
 * @param idmap whether an option asked for mapped ids, and of which mounts
 * @param copyUp whether a tmpfs starts as a copy of what it covers
 * @param data the options that the file system itself receives
 */
public record MountOptions(
        long set,
        long clear,
        long tidied,
        long recursiveSet,
        long recursiveClear,
        Propagation propagation,
        boolean bind,
        boolean recursiveBind,
        IdMap idmap,
        boolean copyUp,
        List<String> data) {
    static final long RDONLY = 0x1;
    static final long NOSUID = 0x2;
    static final long NODEV = 0x4;
    static final long NOEXEC = 0x8;
    static final long ATIME = 0x70;
    static final long NOATIME = 0x10;
    static final long STRICTATIME = 0x20;
    static final long NODIRATIME = 0x80;
    static final long NOSYMFOLLOW = 0x20_0000;

    /** Of which mounts ids are mapped. */
    public enum IdMap {
        NONE,
        /** The one that is bound. */
        IDMAP,
        /** That and every mount below it. */
        RIDMAP
    }

    /** What a bind mount with any flag at all does not keep from its source; access times only give way to others. */
    private static final long REPLACED = RDONLY | NOSUID | NODEV | NOEXEC | NOSYMFOLLOW;

    private static final Map<String, Long> SETS = Map.of(
            "ro", RDONLY,
            "nosuid", NOSUID,
            "nodev", NODEV,
            "noexec", NOEXEC,
            "nodiratime", NODIRATIME,
            "nosymfollow", NOSYMFOLLOW);
    private static final Map<String, Long> CLEARS = Map.of(
            "rw", RDONLY,
            "suid", NOSUID,
            "dev", NODEV,
            "exec", NOEXEC,
            "diratime", NODIRATIME,
            "symfollow", NOSYMFOLLOW);
    private static final Map<String, Long> ATIMES =
            Map.of("noatime", NOATIME, "relatime", 0L, "strictatime", STRICTATIME);

    /** Words that take another one back, and change nothing else, as runc reads them. */
    private static final Map<String, String> TAKES_BACK =
            Map.of("atime", "noatime", "norelatime", "relatime", "nostrictatime", "strictatime");

    /** Words that ask for nothing, or for the way things are anyway. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("", "defaults", "loud", "silent", "nomand", "noiversion", "nolazytime");

    public MountOptions {
        data = List.copyOf(data);
    }

    /** Sorts the options; of two that contradict each other the later counts, as for mount(8). */
    public static MountOptions parse(List<String> options) {
        Parser parser = new Parser();
        options.forEach(parser::accept);
        return parser.result();
    }

    /** Returns the same for a new file system: nothing lies below it, so that it has the recursive flags itself. */
    public MountOptions forNewMount() {
        long flags = (set & ~recursiveClear) | recursiveSet;
        long cleared = (clear & ~recursiveSet) | recursiveClear;
        return new MountOptions(flags, cleared, 0, 0, 0, propagation, bind, recursiveBind, idmap, copyUp, data);
    }

    /** Returns the same with the flags and the propagation of others, which count where they contradict these. */
    public MountOptions overriddenBy(MountOptions others) {
        long kept = set & ~others.clear;
        return new MountOptions(
                kept | others.set,
                clear | others.clear & ~others.set | others.clear & ATIME,
                tidied & ~others.set & ~others.clear,
                0,
                0,
                others.propagation,
                bind,
                recursiveBind,
                idmap,
                copyUp,
                data);
    }

    public boolean isReadonly() {
        return (set & RDONLY) != 0;
    }

    public MountOptions writable() {
        return with(set & ~RDONLY, tidied | set & RDONLY, data);
    }

    /** Returns the same with one more option for the file system. */
    public MountOptions withData(String option) {
        return with(set, tidied, Stream.concat(data.stream(), Stream.of(option)).toList());
    }

    /** Returns all words that are understood here, in order; others are the file system's own. */
    public static SortedSet<String> known() {
        Stream<String> flags = Stream.of(SETS, CLEARS, ATIMES, TAKES_BACK).flatMap(words -> words.keySet().stream());
        SortedSet<String> known =
                new TreeSet<>(flags.flatMap(word -> Stream.of(word, "r" + word)).toList());
        known.addAll(List.of("bind", "rbind", "idmap", "ridmap", "tmpcopyup"));
        Stream.of(Propagation.values())
                .filter(p -> p != Propagation.UNCHANGED)
                .forEach(p -> known.add(p.name().toLowerCase(Locale.ROOT)));
        WITHOUT_EFFECT.stream().filter(word -> !word.isEmpty()).forEach(known::add);
        return known;
    }

    private MountOptions with(long set, long tidied, List<String> data) {
        return new MountOptions(
                set,
                clear,
                tidied,
                recursiveSet,
                recursiveClear,
                propagation,
                bind,
                recursiveBind,
                idmap,
                copyUp,
                data);
    }

    /** Returns the options as words, each once: flags in order of the alphabet, then what is not a flag. */
    String describe() {
        Stream<String> propagates = Stream.of(propagation)
                .filter(p -> p != Propagation.UNCHANGED)
                .map(p -> p.name().toLowerCase(Locale.ROOT));
        return Stream.of(
                        Stream.of("rbind").filter(word -> recursiveBind),
                        words(set, clear, ""),
                        words(recursiveSet, recursiveClear, "r"),
                        propagates,
                        Stream.of(idmap.name().toLowerCase(Locale.ROOT)).filter(word -> idmap != IdMap.NONE),
                        Stream.of("tmpcopyup").filter(word -> copyUp),
                        data.stream())
                .flatMap(s -> s)
                .distinct()
                .collect(Collectors.joining(","));
    }

    private static Stream<String> words(long set, long clear, String prefix) {
        Stream<String> on = SETS.entrySet().stream()
                .filter(flag -> (set & flag.getValue()) != 0)
                .map(Map.Entry::getKey);
        Stream<String> off = CLEARS.entrySet().stream()
                .filter(flag -> (clear & flag.getValue()) != 0)
                .map(Map.Entry::getKey);
        String atime = (set & NOATIME) != 0 ? "noatime" : (set & STRICTATIME) != 0 ? "strictatime" : "relatime";
        Stream<String> atimes = Stream.of(atime).filter(word -> (clear & ATIME) != 0);
        return Stream.of(on, off, atimes)
                .flatMap(s -> s)
                .map(word -> prefix + word)
                .sorted();
    }

    /** Collects the bits while the options are read one by one. */
    private static final class Parser {
        private long set;
        private long clear;
        private boolean namesFlag;
        private String atime;
        private boolean nodiratime;
        private long recursiveSet;
        private long recursiveClear;
        private Propagation propagation = Propagation.UNCHANGED;
        private boolean bind;
        private boolean recursiveBind;
        private IdMap idmap = IdMap.NONE;
        private boolean copyUp;
        private final List<String> data = new ArrayList<>();

        void accept(String option) {
            switch (option) {
                case "bind" -> bind = true;
                case "rbind" -> {
                    bind = true;
                    recursiveBind = true; // for good: a later `bind` asks for no less, and mounts below would be lost
                }
                case "idmap" -> idmap = idmap == IdMap.RIDMAP ? idmap : IdMap.IDMAP;
                case "ridmap" -> idmap = IdMap.RIDMAP;
                case "tmpcopyup" -> copyUp = true;
                default -> flagOrData(option);
            }
        }

        private void flagOrData(String option) {
            if (!WITHOUT_EFFECT.contains(option) && !plain(option) && !recursive(option)) {
                Propagation.of(option).ifPresentOrElse(p -> propagation = p, () -> data.add(option));
            }
        }

        private boolean plain(String option) {
            long on = SETS.getOrDefault(option, 0L);
            long off = CLEARS.getOrDefault(option, 0L);
            boolean known = on != 0 || off != 0 || ATIMES.containsKey(option) || TAKES_BACK.containsKey(option);
            namesFlag |= known;
            if (on == NODIRATIME || off == NODIRATIME) {
                nodiratime = on != 0;
            } else if (ATIMES.containsKey(option)) {
                atime = option;
            } else if (TAKES_BACK.containsKey(option)) {
                atime = TAKES_BACK.get(option).equals(atime) ? null : atime;
            } else {
                set = (set | on) & ~off;
                clear = (clear | off) & ~on;
            }
            return known;
        }

        private boolean recursive(String option) {
            if (!option.startsWith("r")) {
                return false;
            }
            String word = option.substring(1);
            if (word.equals("norelatime")) { // takes `rrelatime` back, which sets no bit
                recursiveClear &= (recursiveSet & ATIME) == 0 ? ~ATIME : ~0L;
                return true;
            }
            long on = SETS.getOrDefault(word, 0L);
            long off = CLEARS.getOrDefault(word, 0L);
            recursiveSet = (recursiveSet | on) & ~off;
            recursiveClear = (recursiveClear | off) & ~on;
            if (ATIMES.containsKey(word) || TAKES_BACK.containsKey(word)) {
                recursiveSet = (recursiveSet & ~ATIME) | ATIMES.getOrDefault(word, 0L);
                recursiveClear |= ATIME;
                return true;
            }
            return on != 0 || off != 0;
        }

        /** As for mount(2), an option for access times replaces all of the source's, that of directories too. */
        MountOptions result() {
            boolean timed = atime != null || nodiratime;
            if (timed) {
                clear |= ATIME;
                set |= (atime == null ? 0 : ATIMES.get(atime)) | (nodiratime ? NODIRATIME : 0);
            }
            long replaced = REPLACED | (timed ? NODIRATIME : 0);
            long tidied = namesFlag ? replaced & ~set & ~clear : 0;
            return new MountOptions(
                    set,
                    clear,
                    tidied,
                    recursiveSet,
                    recursiveClear,
                    propagation,
                    bind,
                    recursiveBind,
                    idmap,
                    copyUp,
                    data);
        }
    }
}
