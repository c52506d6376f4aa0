package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PreparationTest {
    /** A kind of layer that no other test of this class has: its kernel is not warm. */
    private static PackedModel model(int weightBits, int inputBits) {
        return new PackedModel(List.of(KernelChoiceTest.even(weightBits, inputBits, 300, 70),
                new Activation("f", ActivationFunction.GELU)), Map.of());
    }

    @Test
    void answersFromTheStartDoNotChangeWhenOtherKernelsTakeOver() {
        PackedModel model = model(5, 3);
        float[] x = KernelCases.gaussian(new Random(1), 300);
        float[] first = new float[70];
        float[] later = new float[70];
        Session session = model.session();
        session.run(x, first);
        assertTrue(session.warmUp(Duration.ofSeconds(60)));
        session.run(x, later);
        assertArrayEquals(first, later);
        model.run(x, later);
        assertArrayEquals(first, later);
    }

    @Test
    void onceWarmTheKernelsOfThisProcessAreUsedAtOnce() {
        assertTrue(model(5, 6).session().warmUp(Duration.ofSeconds(60)));
        PackedModel again = model(5, 6);
        Map<PreparedModel.LaidOut, RowProduct> laidOut = new HashMap<>();
        Preparation preparation = Preparation.of(again, 1, laidOut);
        assertTrue(preparation.await(Duration.ZERO));
        RowProduct product = laidOut.values().iterator().next();
        if (KernelProvider.get() instanceof ScalarProvider) {
            assertInstanceOf(ScalarBitProduct.class, product);
        } else {
            assertEquals("Vector", product.getClass().getSimpleName().substring(0, 6));
        }
    }

    @Test
    void sessionsOfOneModelShareItsWeightsWhateverTheBatch() {
        PackedModel model = model(2, 2);
        Map<PreparedModel.LaidOut, RowProduct> laidOut = new HashMap<>();
        KernelProvider provider = Providers.all().getLast();
        PreparedModel.of(model, provider, 1, laidOut);
        PreparedModel.of(model, provider, 24, laidOut);
        assertEquals(1, laidOut.size());
    }
}
