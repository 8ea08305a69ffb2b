package dev.gantry.systemd;

import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.types.Variant;

/** A property of a unit as D-Bus carries it: {@code (sv)}. */
public final class Property extends Struct {
    @Position(0)
    private final String name;

    @Position(1)
    private final Variant<?> value;

    /** Creates the property. */
    public Property(String name, Variant<?> value) {
        this.name = name;
        this.value = value;
    }

    /** Returns the name. */
    public String getName() {
        return name;
    }

    /** Returns the value. */
    public Variant<?> getValue() {
        return value;
    }
}
