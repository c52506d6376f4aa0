/** Differentiable fake quantizers over DJL arrays, their initialisation from data, and freezing to codes. */
package dev.darq.quantizers;
