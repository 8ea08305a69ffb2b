/**
 * Everything with a poll loop or a thread: what passes between this process and those in containers, and what tells of
 * their ends. The one place to review for races and for descriptors that stay open.
 *
 * <p>{@link dev.gantry.io.EventLoop} waits for many descriptors on one thread, {@link dev.gantry.io.Execution} for
 * those of one process on the thread that asked. A process is handed over as {@link dev.gantry.io.Launched}: nothing
 * here launches one, or knows which container it is in.
 */
package dev.gantry.io;
