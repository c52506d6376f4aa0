/** Trained float networks, from Darq's own files and from others. */
package dev.darq.experiments.model;
