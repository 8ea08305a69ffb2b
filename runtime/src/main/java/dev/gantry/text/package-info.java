/**
 * What Gantry writes for people: without the texts that nobody may read, and without what a terminal would act on.
 * {@link dev.gantry.text.TextOutput} is the stream, {@link dev.gantry.text.Secrets} what it keeps to itself.
 */
package dev.gantry.text;
