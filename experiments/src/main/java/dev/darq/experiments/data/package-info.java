/** Data sets: fetched by a package manager, checked, cached, and read. */
package dev.darq.experiments.data;
