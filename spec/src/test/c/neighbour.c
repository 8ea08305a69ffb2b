/*
 * A process of a container that looks at all others, without a pause, for anything that belongs to the host: their
 * descriptors, root, working directory and program. Writes what it reaches, a line each, and on SIGTERM how many other
 * processes it has looked at. With the argument "all" it writes whatever it can look at of an init.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#define CGROUP2_SUPER_MAGIC 0x63677270

static volatile sig_atomic_t over;
static bool all;

static void end(int number) {
    (void)number;
    over = 1;
}

static bool is_init(const char *pid) {
    char path[320], name[32] = "";
    snprintf(path, sizeof path, "/proc/%s/comm", pid);
    FILE *file = fopen(path, "r");
    bool read = file != NULL && fgets(name, sizeof name, file) != NULL;
    if (file != NULL)
        fclose(file);
    return read && strncmp(name, "gantry", 6) == 0;
}

/* The container's own cgroup is no way to the host where it is the root of a mount of its own, read-only. */
static bool leads_nowhere(int fd, const struct stat *info) {
    struct stat up;
    struct statfs system;
    return fstatat(fd, "..", &up, 0) == 0 && up.st_dev == info->st_dev && up.st_ino == info->st_ino
           && fstatfs(fd, &system) == 0 && system.f_type == CGROUP2_SUPER_MAGIC && (system.f_flags & ST_RDONLY) != 0;
}

/* What is seen at the same path in the container's own root is the container's. */
static bool is_own(const char *link, const struct stat *info) {
    struct stat own;
    return stat(link, &own) == 0 && own.st_dev == info->st_dev && own.st_ino == info->st_ino;
}

/* Opened once, since a process in between its steps closes what it has. */
static bool is_of_host(const char *path, const char *link) {
    struct stat info;
    bool found = false;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &info) == 0 && !is_own(link, &info))
        found = S_ISDIR(info.st_mode) ? !leads_nowhere(fd, &info) : S_ISREG(info.st_mode) || S_ISBLK(info.st_mode);
    if (fd >= 0)
        close(fd);
    return found;
}

/* An unnamed socket cannot be opened; the program of an init is a sealed copy. */
static void look_at(const char *pid, const char *what) {
    char path[320], link[512] = "";
    snprintf(path, sizeof path, "/proc/%s/%s", pid, what);
    if (readlink(path, link, sizeof link - 1) < 0)
        return;
    if (all ? is_init(pid) : strcmp(what, "exe") != 0 && is_of_host(path, link))
        printf("%s -> %s\n", path, link);
}

static void look_at_descriptors(const char *pid) {
    char path[320];
    snprintf(path, sizeof path, "/proc/%s/fd", pid);
    DIR *fds = opendir(path);
    if (fds == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(fds)) != NULL;) {
        char what[300];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(what, sizeof what, "fd/%s", entry->d_name);
        look_at(pid, what);
    }
    closedir(fds);
}

int main(int count, char **args) {
    unsigned long looked = 0;
    all = count > 1 && strcmp(args[1], "all") == 0;
    signal(SIGTERM, end);
    while (!over) {
        DIR *processes = opendir("/proc");
        for (struct dirent *entry; processes != NULL && (entry = readdir(processes)) != NULL;) {
            if (entry->d_name[0] < '0' || entry->d_name[0] > '9' || atoi(entry->d_name) == getpid())
                continue;
            looked += is_init(entry->d_name);
            look_at(entry->d_name, "root");
            look_at(entry->d_name, "cwd");
            look_at(entry->d_name, "exe");
            look_at_descriptors(entry->d_name);
        }
        if (processes != NULL)
            closedir(processes);
    }
    printf("looked %lu\n", looked);
    return 0;
}
