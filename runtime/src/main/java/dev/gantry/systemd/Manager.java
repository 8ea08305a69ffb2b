package dev.gantry.systemd;

import java.util.List;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;

/** The part of systemd's manager object that is used here, org.freedesktop.systemd1(5). */
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
public interface Manager extends DBusInterface {
    /** Begins a job that makes a unit that no file describes; returns the job. */
    @DBusMemberName("StartTransientUnit")
    DBusPath startTransientUnit(String name, String mode, List<Property> properties, List<Auxiliary> auxiliary);

    /** Begins a job that stops a unit; returns the job. */
    @DBusMemberName("StopUnit")
    DBusPath stopUnit(String name, String mode);

    /** Changes properties of a unit. */
    @DBusMemberName("SetUnitProperties")
    void setUnitProperties(String name, boolean runtime, List<Property> properties);

    /** Makes a unit that has failed be forgotten. */
    @DBusMemberName("ResetFailedUnit")
    void resetFailedUnit(String name);

    /** Asks for signals. */
    @DBusMemberName("Subscribe")
    void subscribe();

    /** Tells that a job has ended, and how. */
    class JobRemoved extends DBusSignal {
        private final DBusPath job;
        private final String result;

        /** Is called by the library with what the message holds. */
        public JobRemoved(String path, UInt32 id, DBusPath job, String unit, String result) throws DBusException {
            super(path, id, job, unit, result);
            this.job = job;
            this.result = result;
        }

        DBusPath job() {
            return job;
        }

        String result() {
            return result;
        }
    }
}
