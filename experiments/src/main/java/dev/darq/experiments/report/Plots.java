package dev.darq.experiments.report;

import dev.darq.kernels.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** Writes charts as PNG files. */
public final class Plots {
    private Plots() {}

    /**
     * Draws a chart into a file. A machine without fonts cannot draw; a plot says nothing that a table beside it does not
     * say, so nothing fails then.
     *
     * @param chart what to draw
     * @param file  the PNG file; replaced if it is there
     * @return an empty string, or one line that says why there is no plot
     */
    public static String write(Chart<?, ?> chart, Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        try {
            ByteBuffer png = ByteBuffer.wrap(BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
            AtomicFile.write(file, channel -> {
                while (png.hasRemaining()) {
                    channel.write(png);
                }
            });
            return "";
        } catch (LinkageError | InternalError | IllegalStateException e) {
            return "no " + file.getFileName() + ": this machine cannot draw text (" + e + ")";
        }
    }
}
