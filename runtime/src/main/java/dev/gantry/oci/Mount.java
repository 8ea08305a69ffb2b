package dev.gantry.oci;

import java.util.List;

/**
 * Describes one mount below the root filesystem.
 *
 * @param destination where, as the container sees it; one without a leading slash counts from the container's root
 * @param type filesystem type; null or {@code none} for a bind mount
 * @param source a bind mount's may be relative to the bundle
 * @param options as in {@code /etc/fstab}
 * @param uidMappings of an idmapped mount
 * @param gidMappings of an idmapped mount
 */
public record Mount(
        String destination,
        String type,
        String source,
        List<String> options,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings) {
    public Mount {
        options = Copies.list(options);
        uidMappings = Copies.list(uidMappings);
        gidMappings = Copies.list(gidMappings);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with everything set as it is here. */
    public Builder toBuilder() {
        return builder()
                .destination(destination)
                .type(type)
                .source(source)
                .options(options)
                .uidMappings(uidMappings)
                .gidMappings(gidMappings);
    }

    /** Collects the components of a {@link Mount}; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {
        private String destination;
        private String type;
        private String source;
        private List<String> options;
        private List<IdMapping> uidMappings;
        private List<IdMapping> gidMappings;

        private Builder() {}

        public Builder destination(String destination) {
            this.destination = destination;
            return this;
        }

        public Builder type(String type) {
            this.type = type;
            return this;
        }

        public Builder source(String source) {
            this.source = source;
            return this;
        }

        public Builder options(List<String> options) {
            this.options = options;
            return this;
        }

        public Builder uidMappings(List<IdMapping> uidMappings) {
            this.uidMappings = uidMappings;
            return this;
        }

        public Builder gidMappings(List<IdMapping> gidMappings) {
            this.gidMappings = gidMappings;
            return this;
        }

        /** Creates the record; whatever was not set is absent. */
        public Mount build() {
            return new Mount(destination, type, source, options, uidMappings, gidMappings);
        }
    }
}
