/** Binary codes, bitwise kernels and the packed model: what a user ships to production, without a deep-learning framework. */
package dev.darq.kernels;
