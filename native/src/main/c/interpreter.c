/* The interpreter of a program, so that an error can name the file that is missing, which execve(2) does not. */
#define _GNU_SOURCE
#include "init.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_INTERPRETERS 5 /* as many as the kernel follows, execve(2) */
#define SCRIPT_LINE 255     /* as much as the kernel reads of it */

static char missing[PATH_MAX]; /* empty if none is, as far as can be seen */

static bool name_of_script(const char *head, size_t length, char *name) {
    size_t end = length < SCRIPT_LINE ? length : SCRIPT_LINE, from = 2, to;
    while (from < end && (head[from] == ' ' || head[from] == '\t'))
        from++;
    for (to = from; to < end && head[to] != '\0' && strchr(" \t\n", head[to]) == NULL; to++)
        name[to - from] = head[to];
    name[to - from] = '\0';
    return to > from;
}

static bool name_of_elf(int file, const char *head, size_t length, char *name) {
    ElfW(Ehdr) elf;
    if (length < sizeof elf || memcmp(head, ELFMAG, SELFMAG) != 0)
        return false;
    memcpy(&elf, head, sizeof elf);
    for (size_t i = 0; i < elf.e_phnum; i++) {
        ElfW(Phdr) part;
        if (elf.e_phoff > length || length - elf.e_phoff < (i + 1) * sizeof part)
            return false;
        memcpy(&part, head + elf.e_phoff + i * sizeof part, sizeof part);
        if (part.p_type != PT_INTERP)
            continue;
        if (part.p_filesz < 2 || part.p_filesz > PATH_MAX
            || RETRY(pread(file, name, part.p_filesz, (off_t)part.p_offset)) != (long)part.p_filesz)
            return false;
        name[part.p_filesz - 1] = '\0';
        return true;
    }
    return false;
}

/* The program may be the interpreter before, whose name lies where the next one is written: it is open by then. */
static bool read_name(const char *path, char *name) {
    static char head[4096];
    int file CLOSES = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    long length = file < 0 ? -1 : RETRY(read(file, head, sizeof head));
    if (length < 2)
        return false;
    return memcmp(head, "#!", 2) == 0 ? name_of_script(head, (size_t)length, name)
                                      : name_of_elf(file, head, (size_t)length, name);
}

/* Looks while no filter can refuse it, as the user who will execute the program. */
void look_for_interpreter(const char *program) {
    const char *at = program;
    struct stat info;
    for (int i = 0; i < MOST_INTERPRETERS && read_name(at, missing); i++) {
        if (stat(missing, &info) < 0 && (errno == ENOENT || errno == ENOTDIR))
            return;
        at = missing;
    }
    missing[0] = '\0';
}

/* NULL if none was missing. */
const char *missing_interpreter(void) {
    return missing[0] == '\0' ? NULL : missing;
}
