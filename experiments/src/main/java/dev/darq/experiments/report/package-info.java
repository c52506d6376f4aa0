/** Tables and records of what ran, as files for people and for programs. */
package dev.darq.experiments.report;
