package dev.gantry.oci;

import java.util.List;

/**
 * Sets the execution domain, see {@code personality(2)}.
 *
 * @param flags the specification defines none
 */
public record Personality(PersonalityDomain domain, List<String> flags) {
    public Personality {
        flags = Copies.list(flags);
    }
}
