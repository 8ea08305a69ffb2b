package dev.gantry.oci;

import java.util.List;

/**
 * Lists the names, such as {@code CAP_KILL}, of the capabilities in each set of a process. An empty list empties the
 * set; names that {@link Capability} does not know are kept.
 */
public record Capabilities(
        List<String> bounding,
        List<String> effective,
        List<String> inheritable,
        List<String> permitted,
        List<String> ambient) {
    public Capabilities {
        bounding = Copies.list(bounding);
        effective = Copies.list(effective);
        inheritable = Copies.list(inheritable);
        permitted = Copies.list(permitted);
        ambient = Copies.list(ambient);
    }

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with everything set as it is here. */
    public Builder toBuilder() {
        return builder()
                .bounding(bounding)
                .effective(effective)
                .inheritable(inheritable)
                .permitted(permitted)
                .ambient(ambient);
    }

    /** Collects the components of a {@link Capabilities}; each method sets the one of its name. Not thread-safe. */
    public static final class Builder {
        private List<String> bounding;
        private List<String> effective;
        private List<String> inheritable;
        private List<String> permitted;
        private List<String> ambient;

        private Builder() {}

        public Builder bounding(List<String> bounding) {
            this.bounding = bounding;
            return this;
        }

        public Builder effective(List<String> effective) {
            this.effective = effective;
            return this;
        }

        public Builder inheritable(List<String> inheritable) {
            this.inheritable = inheritable;
            return this;
        }

        public Builder permitted(List<String> permitted) {
            this.permitted = permitted;
            return this;
        }

        public Builder ambient(List<String> ambient) {
            this.ambient = ambient;
            return this;
        }

        /** Creates the record; whatever was not set is absent. */
        public Capabilities build() {
            return new Capabilities(bounding, effective, inheritable, permitted, ambient);
        }
    }
}
