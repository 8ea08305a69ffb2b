package dev.gantry.systemd;

import java.util.List;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;

/** A unit to be made along with another, of which we have none: {@code (sa(sv))}. */
public final class Auxiliary extends Struct {
    @Position(0)
    private final String name;

    @Position(1)
    private final List<Property> properties;

    /** Creates the unit. */
    public Auxiliary(String name, List<Property> properties) {
        this.name = name;
        this.properties = properties;
    }

    /** Returns the name. */
    public String getName() {
        return name;
    }

    /** Returns the properties. */
    public List<Property> getProperties() {
        return properties;
    }
}
