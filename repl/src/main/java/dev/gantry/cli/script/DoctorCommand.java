package dev.gantry.cli.script;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.repl.Doctor;

/** {@code doctor}: tells what this machine has for containers, and what to do for what it lacks. */
final class DoctorCommand implements Command {
    @Override
    public String summary() {
        return "report what this machine has for containers, and what it lacks";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public int run(Invocation in) {
        Doctor doctor = new Doctor();
        in.out().println(doctor.report());
        return doctor.isHealthy() ? 0 : 1;
    }
}
