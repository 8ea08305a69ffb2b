/**
 * The OCI records from and to JSON: {@link dev.gantry.oci.codec.OciReader} and {@link dev.gantry.oci.codec.OciWriter},
 * and one codec for each record.
 *
 * <p>A codec reports what is of the wrong type and leaves it out; it never judges a value: that is done in
 * {@code dev.gantry.oci.rules}. Pure; knows the records, {@code dev.gantry.json} and {@code dev.gantry.error}.
 */
package dev.gantry.oci.codec;
