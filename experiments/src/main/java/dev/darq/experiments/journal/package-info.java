/** Runs that can be left and taken up again: checkpoints, the lock of a run folder, and the request to stop. */
package dev.darq.experiments.journal;
