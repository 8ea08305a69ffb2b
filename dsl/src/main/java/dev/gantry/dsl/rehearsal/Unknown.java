package dev.gantry.dsl.rehearsal;

import groovy.lang.GroovyObjectSupport;
import java.util.Arrays;
import java.util.Collection;

/** What only a run can tell: the value of a variable of a rehearsal. Code that uses it gets an {@link UnknownValue}. */
public final class Unknown extends GroovyObjectSupport {
    static final Unknown VALUE = new Unknown();

    private Unknown() {}

    /** Ends the statement if one of the values is unknown. */
    public static void refuse(Object... values) {
        refuse(Arrays.asList(values));
    }

    /** Ends the statement if one of the values is unknown. */
    public static void refuse(Collection<?> values) {
        for (Object value : values) {
            if (value == VALUE) {
                throw new UnknownValue();
            }
        }
    }

    /** Is asked by conditions. */
    public boolean asBoolean() {
        throw new UnknownValue();
    }

    @Override
    public Object invokeMethod(String name, Object arguments) {
        throw new UnknownValue();
    }

    @Override
    public Object getProperty(String name) {
        throw new UnknownValue();
    }

    @Override
    public void setProperty(String name, Object value) {
        throw new UnknownValue();
    }

    @Override
    public boolean equals(Object other) {
        throw new UnknownValue();
    }

    @Override
    public int hashCode() {
        throw new UnknownValue();
    }

    @Override
    public String toString() {
        throw new UnknownValue();
    }
}
