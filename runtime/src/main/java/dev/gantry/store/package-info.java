/**
 * What is kept about containers outside of any process: the state root, a directory for each container, its lock and
 * its lease.
 *
 * <p>Start reading at {@link dev.gantry.store.StateStore}. Writes nothing but the state root, and never acts on what it
 * reads: no process, no cgroup. Knows configs and files, and nothing of how containers are made.
 */
package dev.gantry.store;
