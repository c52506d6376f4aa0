package dev.darq.kernels;

import java.util.List;

/**
 * What tells files of one kind apart: a name, and the versions that can be read.
 *
 * @param name     the metadata's {@code format}
 * @param versions the versions that can be read; the first is the one that is written
 */
record ContainerFormat(String name, List<String> versions) {
    String version() {
        return versions.getFirst();
    }

    /** Every file begins with these bytes after the header's length, so that version and checksum sit at fixed places. */
    String beforeVersion() {
        return "{\"__metadata__\":{\"format\":\"" + name + "\",\"version\":\"";
    }

    String beforeChecksum(String version) {
        return beforeVersion() + version + "\",\"checksum\":\"";
    }

    /** Where in the file the checksum's digits begin. */
    int checksumAt(String version) {
        return ModelHeader.LENGTH_BYTES + beforeChecksum(version).length();
    }
}
