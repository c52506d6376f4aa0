/** The mixed operation, cost models, the bilevel optimizer, discretisation, fine-tuning and freezing. */
package dev.darq.search;
