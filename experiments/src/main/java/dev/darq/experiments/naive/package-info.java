/** Networks as anyone would write them first: what the kernels are measured against. */
@NullMarked
package dev.darq.experiments.naive;

import org.jspecify.annotations.NullMarked;
