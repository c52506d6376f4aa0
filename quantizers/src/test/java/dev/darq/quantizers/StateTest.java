package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StateTest {
    @Test
    void whatIsPutIsTakenAndNeitherIsLive() {
        State state = new State();
        float[] values = {1, 2};
        state.under("a").put("floats", values);
        values[0] = 777;
        float[] taken = new float[2];
        state.under("a").take("floats", taken);
        assertArrayEquals(new float[] {1, 2}, taken);
        state.under("a").floats("floats")[0] = 777;
        assertArrayEquals(new float[] {1, 2}, state.under("a").floats("floats"));
        state.put("real", 0.1);
        state.put("integer", Long.MIN_VALUE);
        state.put("flag", true);
        state.put("text", "l\u00f6\n");
        assertEquals(0.1, state.real("real"));
        assertEquals(Long.MIN_VALUE, state.integer("integer"));
        assertTrue(state.flag("flag"));
        assertEquals("l\u00f6\n", state.text("text"));
        assertTrue(state.has("a"));
        assertFalse(state.has("b"));
    }

    @Test
    void aStateOfSomethingElseIsRefusedByName() {
        State state = new State();
        state.under("layer").put("value", new float[3]);
        assertRefused("the state lacks layer/scale", () -> state.under("layer").take("scale", new float[1]));
        assertRefused("layer/value has 3 values, expected 4", () -> state.under("layer").take("value", new float[4]));
        assertRefused("layer/value holds float[], expected double[]", () -> state.under("layer").real("value"));
        assertThrows(IllegalStateException.class, () -> state.under("layer").put("value", "again"));
    }

    private static void assertRefused(String message, Runnable taking) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, taking::run).getMessage());
    }

    @Test
    void statesAreEqualByContent() {
        State one = new State();
        one.put("x", new float[] {1, Float.NaN});
        State two = new State();
        two.put("x", new float[] {1, Float.NaN});
        assertEquals(one, two);
        two.put("y", 1L);
        assertNotEquals(one, two);
    }
}
