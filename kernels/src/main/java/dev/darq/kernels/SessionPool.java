package dev.darq.kernels;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Sessions between two calls: as many as usually run at once. More calls than that make, and drop, sessions of their own. */
final class SessionPool {
    private final PackedModel model;
    private final AtomicReferenceArray<@Nullable Session> idle = new AtomicReferenceArray<>(
            2 * Runtime.getRuntime().availableProcessors());

    SessionPool(PackedModel model) {
        this.model = model;
    }

    Session take() {
        for (int i = 0; i < idle.length(); i++) {
            Session session = idle.get(i) == null ? null : idle.getAndSet(i, null);
            if (session != null) {
                return session;
            }
        }
        return model.session();
    }

    void giveBack(Session session) {
        for (int i = 0; i < idle.length(); i++) {
            if (idle.compareAndSet(i, null, session)) {
                return;
            }
        }
    }
}
