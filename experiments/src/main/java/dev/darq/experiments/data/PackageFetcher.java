package dev.darq.experiments.data;

import java.nio.file.Path;

/** Brings a package from where packages come from. */
@FunctionalInterface
interface PackageFetcher {
    /**
     * Puts a package's archive into a folder.
     *
     * @param name      the package with its version
     * @param directory an empty folder, which may hold other things afterwards too
     * @return the archive, a tar file, gzipped or not
     * @throws DataException saying in one line why not
     */
    Path fetch(String name, Path directory);
}
