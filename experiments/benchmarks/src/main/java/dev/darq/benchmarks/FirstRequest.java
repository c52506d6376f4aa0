package dev.darq.benchmarks;

import dev.darq.kernels.PackedModel;
import dev.darq.kernels.Session;
import java.nio.file.Path;

/** A program that loads a model and answers one request, and prints how long each step took. Uses only the kernels. */
final class FirstRequest {
    private FirstRequest() {}

    /**
     * Runs once; prints the milliseconds until here, for loading, for the session and for the first request.
     *
     * @param arguments the wall clock (milliseconds) at which the JVM was started; the model's path
     */
    public static void main(String[] arguments) throws Exception {
        long main = System.currentTimeMillis();
        long start = System.nanoTime();
        PackedModel model = PackedModel.load(Path.of(arguments[1]));
        long loaded = System.nanoTime();
        Session session = model.session();
        long ready = System.nanoTime();
        session.run(new float[model.inputs()], new float[model.outputs()]);
        long answered = System.nanoTime();
        System.out.println(main - Long.parseLong(arguments[0]) + " " + (loaded - start) / 1e6 + " "
                + (ready - loaded) / 1e6 + " " + (answered - ready) / 1e6);
    }
}
