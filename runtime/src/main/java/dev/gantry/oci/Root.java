package dev.gantry.oci;

/**
 * Describes the container's root filesystem.
 *
 * @param path absolute, or relative to the bundle
 * @param readonly absent means false
 */
public record Root(String path, Boolean readonly) {
    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with everything set as it is here. */
    public Builder toBuilder() {
        return builder().path(path).readonly(readonly);
    }

    /** Returns whether the root is mounted read-only; false if absent. */
    public boolean isReadonly() {
        return Boolean.TRUE.equals(readonly);
    }

    /** Collects the components of a {@link Root}; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {
        private String path;
        private Boolean readonly;

        private Builder() {}

        public Builder path(String path) {
            this.path = path;
            return this;
        }

        public Builder readonly(Boolean readonly) {
            this.readonly = readonly;
            return this;
        }

        /** Creates the record; whatever was not set is absent. */
        public Root build() {
            return new Root(path, readonly);
        }
    }
}
