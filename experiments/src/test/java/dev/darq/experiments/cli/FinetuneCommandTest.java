package dev.darq.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.darq.experiments.data.IdxFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FinetuneCommandTest {
    private record Ending(int code, String out, String err) {}

    @TempDir
    private Path folder;

    @BeforeEach
    void writeData() throws IOException {
        IdxFolder.write(folder.resolve("data"));
        Files.writeString(folder.resolve("small.yaml"), """
                name: small
                data: { path: '%s' }
                network: { layers: [4, 10] }
                float: { epochs: 2 }
                finetune: { epochs: 2, augmentation: { shift: 1 } }
                variants: [{ name: one, weights: lq1, activations: lq1 }]
                results: { directory: '%s' }
                """.formatted(folder.resolve("data"), folder.resolve("runs")));
    }

    private Ending finetune(String... arguments) {
        CommandLine line = Darq.commandLine((seeds, data, run, out) -> {}, List.of());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] all = Arrays.stream(arguments).map(argument -> argument.replace("@", folder + "/"))
                .toArray(String[]::new);
        String[] command = new String[all.length + 1];
        command[0] = "finetune";
        System.arraycopy(all, 0, command, 1, all.length);
        return new Ending(Darq.execute(line, command), out.toString(), err.toString());
    }

    private void refuses(String message, String... arguments) {
        Ending ending = finetune(arguments);
        assertEquals("darq: " + message.replace("@", folder + "/") + "\n", ending.err());
        assertEquals(2, ending.code());
        assertFalse(Files.exists(folder.resolve("runs")), "a folder was left behind");
    }

    @Test
    void itTrainsFreezesAndPrintsATable() throws IOException {
        Ending ending = finetune("@small.yaml", "--run", "@mine");
        assertEquals("", ending.err());
        assertEquals(0, ending.code());
        assertTrue(ending.out().contains("| one     | lq1/lq1             |"), ending.out());
        assertTrue(Files.size(folder.resolve("mine/one/model.darq")) > 0);
    }

    @Test
    void aFloatModelCanBeGiven() throws IOException {
        assertEquals(0, finetune("@small.yaml", "--run", "@mine").code());
        Ending ending = finetune("@small.yaml", "--run", "@again", "--from", "@mine/float32/model.darq");
        assertEquals("", ending.err());
        assertFalse(Files.readString(folder.resolve("again/metrics.csv")).contains("float32,1"));
        Ending refused = finetune("@small.yaml", "--from", "@mine/one/model.darq");
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("expected linear layers in float32"), refused.err());
    }

    @Test
    void badInputLeavesNoFolderBehind() {
        refuses("@none.yaml: no such file", "@none.yaml");
        refuses("--set 'network.layers.0=5': must be 4, the pixels of an image of @data, got 5", "@small.yaml", "--set",
                "network.layers.0=5");
        refuses("--set 'data.validation=0.1': leaves 0 of 3 images, at least 1 is needed", "@small.yaml", "--set",
                "data.validation=0.1");
        refuses("--run @data: is not empty, expected a folder that is new or empty", "@small.yaml", "--run", "@data");
        refuses("--seeds [1, 1]: names a seed twice", "@small.yaml", "--seeds", "1,1");
    }
}
