/** Configurations: YAML in, a checked record out, and errors that point at the line. */
package dev.darq.experiments.config;
