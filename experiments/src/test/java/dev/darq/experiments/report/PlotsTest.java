package dev.darq.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

class PlotsTest {
    @TempDir
    Path folder;

    @Test
    void aChartBecomesAPngOfItsSizeOrALineSaysWhyNot() throws IOException {
        XYChart chart = new XYChartBuilder().width(320).height(200).title("accuracy").build();
        chart.addSeries("searched", new double[] {1, 2, 3}, new double[] {90, 95, 97});
        Path file = folder.resolve("accuracy.png");

        String problem = Plots.write(chart, file);

        if (problem.isEmpty()) {
            BufferedImage image = ImageIO.read(file.toFile());
            assertEquals(320, image.getWidth());
            assertEquals(200, image.getHeight());
        } else {
            assertFalse(Files.exists(file));
            assertTrue(problem.startsWith("no accuracy.png: "), problem);
        }
    }
}
