/** The command line. */
package dev.darq.experiments.cli;
