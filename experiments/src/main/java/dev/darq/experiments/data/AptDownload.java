package dev.darq.experiments.data;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Brings a package with {@code apt-get download}, which downloads and verifies it, and opens it with {@code dpkg-deb};
 * nothing is installed and nothing of it is run.
 */
final class AptDownload implements PackageFetcher {
    private static final String MISSING = " of Debian and its kin, which brings it, was not found";

    @Override
    public Path fetch(String name, Path directory) {
        ClientProcess apt = new ClientProcess("apt-get download " + name, List.of("apt-get", "download", name),
                "apt-get" + MISSING, AptDownload::reason);
        apt.run(directory, directory.resolve("apt.log"));
        Path archive = directory.resolve("content.tar");
        Path downloaded = apt.archive(directory, ".deb");
        new ClientProcess("dpkg-deb --fsys-tarfile " + downloaded.getFileName(),
                List.of("dpkg-deb", "--fsys-tarfile", downloaded.toString()), "dpkg-deb" + MISSING, _ -> "")
                .run(directory, archive);
        return archive;
    }

    private static String reason(Stream<String> lines) {
        return lines.filter(line -> line.startsWith("E: ")).findFirst().map(line -> line.substring(3)).orElse("");
    }
}
