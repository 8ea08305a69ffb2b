/** The JUnit extension: containers as fields and parameters of test classes. Needs JUnit Jupiter 5.8 or later. */
package dev.gantry.junit;
