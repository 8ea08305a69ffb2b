/*
 * gantry-init: what the parts that deal with mounts share.
 *
 *   trees.c        trees of mounts: cloned, changed, attached
 *   filesystems.c  new file systems, and the copy with which a tmpfs may start
 *   mounts.c       orders that put something into the root: mounts, devices, links
 *   root.c         orders about the root itself: taking it, entering it, covering parts of it
 *   sources.c      sources of bind mounts that are opened, and mapped, while the process is still privileged
 */
#ifndef GANTRY_MOUNTS_H
#define GANTRY_MOUNTS_H

#include "init.h"

/* root.c */
extern int root_fd; /* the container's root; stays valid when it is entered */

/* trees.c */
int clone_tree(int at, const char *path, bool recursive);
bool change_attributes(int tree, uint64_t set, uint64_t clear, uint64_t propagation, bool recursive);
void set_attributes(int tree, uint64_t set, uint64_t clear, uint64_t propagation, bool recursive);
void attach(int tree, int at);
void attach_at_host_path(int tree, const char *path);

/* filesystems.c */
bool outgrows_fsconfig(wire_list options);
int new_filesystem(const char *type, const char *source, wire_list options, const char *mode, uint64_t attributes);
void mount_classic(const char *type, const char *source, const char *where, wire_list options, const char *mode,
                   uint64_t attributes);
int new_empty_directory(void);
int new_directory_of_one(void);
int new_directory_of_sources(void);
void copy_up(int from, int to);

/* sources.c */
bool has_source(uint64_t index);
int take_source(uint64_t index);
int take_node(uint64_t index, int covered);
void close_sources(void);

#endif
