package dev.darq.kernels;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The providers that this JVM can run. */
final class Providers {
    private Providers() {}

    static List<KernelProvider> all() {
        List<KernelProvider> providers = new ArrayList<>();
        providers.add(new ScalarProvider());
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            providers.add(VectorProvider.create());
        }
        return providers;
    }

    /** The outputs of one layer for one input or a batch of them. */
    static float[] run(KernelProvider provider, Linear linear, float[] x) {
        PackedModel model = new PackedModel(List.of(linear), Map.of());
        int batch = x.length / model.inputs();
        float[] y = new float[batch * model.outputs()];
        session(model, provider, batch).run(x, batch, y);
        return y;
    }

    static Session session(PackedModel model, KernelProvider provider, int batch) {
        return new Session(model, Preparation.of(PreparedModel.of(model, provider, batch, new HashMap<>())));
    }
}
