package dev.gantry.oci;

import java.util.List;

/**
 * Says as whom a process runs.
 *
 * @param uid 0 to 2^32-1; absent means 0
 * @param gid 0 to 2^32-1; absent means 0
 * @param umask null inherits
 * @param additionalGids 0 to 2^32-1 each
 * @param username for Windows only; kept, not used
 */
public record User(Long uid, Long gid, Long umask, List<Long> additionalGids, String username) {
    public User {
        additionalGids = Copies.list(additionalGids);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with everything set as it is here. */
    public Builder toBuilder() {
        return builder()
                .uid(uid)
                .gid(gid)
                .umask(umask)
                .additionalGids(additionalGids)
                .username(username);
    }

    /** Collects the components of a {@link User}; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {
        private Long uid;
        private Long gid;
        private Long umask;
        private List<Long> additionalGids;
        private String username;

        private Builder() {}

        public Builder uid(Long uid) {
            this.uid = uid;
            return this;
        }

        public Builder gid(Long gid) {
            this.gid = gid;
            return this;
        }

        public Builder umask(Long umask) {
            this.umask = umask;
            return this;
        }

        public Builder additionalGids(List<Long> additionalGids) {
            this.additionalGids = additionalGids;
            return this;
        }

        public Builder username(String username) {
            this.username = username;
            return this;
        }

        /** Creates the record; whatever was not set is absent. */
        public User build() {
            return new User(uid, gid, umask, additionalGids, username);
        }
    }
}
