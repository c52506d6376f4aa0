package dev.darq.experiments.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The launcher starts the JVM with a filter in place of standard error, because the JVM warns about the Vector module
 * and offers no way to say that this is intended. The real standard error comes along under another number.
 */
final class StandardError {
    private static final int STANDARD_ERROR = 2;

    private StandardError() {}

    /** Puts the real standard error back, for Java and for native code; does nothing without the launcher. */
    @SuppressWarnings("restricted") // the launcher enables native access
    static void restore() {
        Integer real = Integer.getInteger("darq.stderr");
        if (real == null) {
            return;
        }
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle dup2 = linker.downcallHandle(linker.defaultLookup().findOrThrow("dup2"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int _ = (int) dup2.invokeExact((int) real, STANDARD_ERROR);
        } catch (Throwable e) {
            // The filter stays, which shows everything else just the same.
        }
    }
}
