/** Command line, configurations, data sets, baselines and reports. */
package dev.darq.experiments;
