package dev.gantry.error;

/**
 * Names a place in an OCI document, such as {@code mounts[3].source}. Cheap to make: the text comes into being only
 * when a message needs it.
 */
public final class OciPath {
    /** The document as a whole. */
    public static final OciPath DOCUMENT = new OciPath(null, "", false);

    private final OciPath parent;
    private final Object name; // text, or the number of an item
    private final boolean inBrackets;

    private OciPath(OciPath parent, Object name, boolean inBrackets) {
        this.parent = parent;
        this.name = name;
        this.inBrackets = inBrackets;
    }

    /** Returns the place of a member of the object that is here; {@code a.b} is a member's member. */
    public OciPath member(String member) {
        return new OciPath(this, member, false);
    }

    /** Returns the place of an item of the list that is here; the first is 0. */
    public OciPath item(int index) {
        return new OciPath(this, index, true);
    }

    /** Returns the place of an entry of the map that is here. A key can be any text; it is shown shortened. */
    public OciPath entry(String key) {
        return new OciPath(this, key, true);
    }

    /** Returns how an error calls what is here: the last member and what follows it, such as {@code mounts[3]}. */
    public String label() {
        return inBrackets ? parent.label() + brackets() : name.toString();
    }

    /** Returns the whole path; empty for the document. */
    @Override
    public String toString() {
        if (inBrackets) {
            return parent + brackets();
        }
        return parent == null || parent == DOCUMENT ? name.toString() : parent + "." + name;
    }

    private String brackets() {
        return "[" + Shown.shortened(name.toString()) + "]";
    }
}
