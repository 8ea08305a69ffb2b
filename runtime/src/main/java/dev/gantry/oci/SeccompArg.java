package dev.gantry.oci;

/**
 * Compares an argument of a system call.
 *
 * @param index 0 to 5
 * @param value unsigned 64 bits; the mask for {@code MASKED_EQ}
 * @param valueTwo unsigned 64 bits; for {@code MASKED_EQ} only, absent means 0
 */
public record SeccompArg(Long index, Long value, Long valueTwo, SeccompOperator op) {}
