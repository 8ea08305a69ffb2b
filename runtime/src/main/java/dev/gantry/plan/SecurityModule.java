package dev.gantry.plan;

/** Lists the Linux security modules that a config can ask to confine a process. */
public enum SecurityModule {
    APPARMOR("AppArmor"),
    SELINUX("SELinux");

    private final String properName;

    SecurityModule(String properName) {
        this.properName = properName;
    }

    @Override
    public String toString() {
        return properName;
    }
}
