/** The kernels against other libraries, the thesis's loops and the limits of the machine, in one process. */
@NullMarked
package dev.darq.benchmarks;

import org.jspecify.annotations.NullMarked;
