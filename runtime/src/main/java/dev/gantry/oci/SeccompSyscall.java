package dev.gantry.oci;

import java.util.List;

/**
 * Says what happens on some system calls.
 *
 * @param names unknown ones are ignored
 * @param errnoRet errno or trace message; absent means {@code EPERM}
 * @param args all have to match; none match always
 */
public record SeccompSyscall(List<String> names, SeccompAction action, Long errnoRet, List<SeccompArg> args) {
    public SeccompSyscall {
        names = Copies.list(names);
        args = Copies.list(args);
    }
}
