package dev.gantry.dsl.block;

import dev.gantry.dsl.word.Block;
import dev.gantry.dsl.word.Keyword;
import dev.gantry.oci.IdMapping;
import dev.gantry.oci.Linux;
import groovy.transform.NamedParam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The block {@code user { }} in {@code namespaces}: which ids of this machine stand behind those of the container. */
@Block("user")
public final class UserNamespaceDsl extends DslSupport {
    private final List<IdMapping> uids = new ArrayList<>();
    private final List<IdMapping> gids = new ArrayList<>();

    UserNamespaceDsl(Recorder recorder) {
        super(recorder);
    }

    @Keyword(value = "Maps a range of user ids.", example = "uidMapping containerID: 0, hostID: 100000, size: 65536")
    public void uidMapping(
            @NamedParam("containerID") @NamedParam("hostID") @NamedParam("size") Map<String, ?> options) {
        map("uidMapping", options, uids);
    }

    @Keyword(value = "Maps a range of group ids.", example = "gidMapping containerID: 0, hostID: 100000, size: 65536")
    public void gidMapping(
            @NamedParam("containerID") @NamedParam("hostID") @NamedParam("size") Map<String, ?> options) {
        map("gidMapping", options, gids);
    }

    private void map(String keyword, Map<String, ?> options, List<IdMapping> mappings) {
        Options given = Options.of(this, keyword, options);
        Optional<Long> inside = given.number("containerID", 0, ProcessDsl.MAX_ID);
        Optional<Long> outside = given.number("hostID", 0, ProcessDsl.MAX_ID);
        Optional<Long> size = given.number("size", 1, ProcessDsl.MAX_ID);
        for (String name : List.of("containerID", "hostID", "size")) {
            if (!given.isGiven(name)) {
                wrong(keyword, keyword, "needs `%s:`".formatted(name));
            }
        }
        if (inside.isPresent() && outside.isPresent() && size.isPresent()) {
            place("linux.%ss[%d]".formatted(keyword, mappings.size()));
            place("linux.%ss".formatted(keyword));
            mappings.add(new IdMapping(inside.get(), outside.get(), size.get()));
        }
    }

    void build(Linux.Builder linux) {
        linux.uidMappings(uids).gidMappings(gids);
    }
}
