package dev.darq.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Inputs at, just below and just above every threshold, and the special floats, through the encoders. */
final class EncoderCases {
    private EncoderCases() {}

    static void check(KernelProvider provider, int bits) {
        Random random = new Random(bits);
        for (int round = 0; round < 4; round++) {
            float[] basis = KernelCases.gaussian(random, bits);
            if (round == 3) {
                Arrays.fill(basis, 0.5f); // Equal sums: levels that coincide.
            }
            check(provider, new LevelActivation(basis, (float) random.nextGaussian()));
            int lowest = -random.nextInt(1 << bits);
            float scale = 0.01f + random.nextFloat();
            int highest = lowest + (1 << bits) - 1;
            check(provider, new UniformActivation(bits, scale, random.nextFloat() - 0.5f, lowest, highest));
            check(provider, new UniformActivation(bits, 0.1f, 0, 0, bits));
        }
    }

    /** Every length of {@link KernelCases#SIZES}, filled up with the hard inputs over and over. */
    static void checkSizes(KernelProvider provider, int bits) {
        Random random = new Random(100 + bits);
        int most = 1 << bits;
        List<ActivationCode> codes = List.of(new LevelActivation(KernelCases.gaussian(random, bits), 0.3f),
                new UniformActivation(bits, 0.3f, 0, -most / 2, most / 2 - 1),
                new UniformActivation(bits, 1 / 3f, 0, 0, most - 1),
                new UniformActivation(bits, 0.07f, -1.3f, 0, most - 1));
        for (ActivationCode code : codes) {
            float[] hard = hardInputs(code);
            float[] x = new float[KernelCases.SIZES[KernelCases.SIZES.length - 1] + 1];
            for (int i = 0; i < x.length; i++) {
                x[i] = hard[i % hard.length];
            }
            for (int count : KernelCases.SIZES) {
                checkPlanes(provider, code, x, random.nextInt(2), count);
            }
        }
    }

    private static void check(KernelProvider provider, ActivationCode code) {
        float[] x = hardInputs(code);
        for (int count : new int[] {1, 3, 63, 64, 65, x.length - 1}) {
            checkPlanes(provider, code, x, Math.min(1, x.length - count), count);
        }
        float[] rounded = new float[x.length];
        provider.rounding(code).apply(x, 0, x.length, rounded, 0);
        for (int i = 0; i < x.length; i++) {
            assertEquals(Float.floatToIntBits(code.quantize(x[i])), Float.floatToIntBits(rounded[i]), "" + x[i]);
        }
    }

    private static void checkPlanes(KernelProvider provider, ActivationCode code, float[] x, int at, int count) {
        int bits = code.bits();
        long[] planes = new long[BinaryCode.words(count) * bits];
        Arrays.fill(planes, -1);
        provider.planeEncoder(code).encode(x, at, count, planes, 0, code.bits(), new WordScratch());
        for (int i = 0; i < BinaryCode.words(count) * 64; i++) {
            int actual = 0;
            for (int plane = 0; plane < bits; plane++) {
                actual |= (int) (planes[(i >> 6) * bits + plane] >>> i & 1) << plane;
            }
            int position = i;
            assertEquals(i < count ? expectedCode(code, x[at + i]) : 0, actual,
                    () -> provider + " " + code + " input " + position + " of " + count);
        }
    }

    /** Counting thresholds one by one, or dividing and rounding as Math.rint does. */
    private static int expectedCode(ActivationCode code, float x) {
        if (code instanceof UniformActivation uniform) {
            float position = (x - uniform.offset()) / uniform.scale();
            if (Float.isNaN(position)) {
                return 0;
            }
            float clamped = Math.min(Math.max(position, uniform.lowest()), uniform.highest());
            return (int) Math.rint(clamped) - uniform.lowest();
        }
        BinaryLevels levels = ((LevelActivation) code).levels();
        int index = 0;
        for (float threshold : levels.thresholds()) {
            index += x >= threshold ? 1 : 0;
        }
        return levels.codes()[index];
    }

    private static float[] hardInputs(ActivationCode code) {
        List<Float> inputs = new ArrayList<>(List.of(0f, -0f, Float.NaN, Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -Float.MIN_VALUE,
                Float.MIN_NORMAL, -Float.MIN_NORMAL, 1e-40f, -1e-40f));
        if (code instanceof UniformActivation uniform) {
            for (int q = uniform.lowest() - 1; q <= uniform.highest(); q++) {
                around(inputs, (q + 0.5f) * uniform.scale() + uniform.offset());
            }
        } else {
            for (float threshold : ((LevelActivation) code).levels().thresholds()) {
                around(inputs, threshold);
            }
        }
        Random random = new Random(5);
        while (inputs.size() < 300) {
            inputs.add((float) random.nextGaussian() * 3);
        }
        Collections.shuffle(inputs, random);
        float[] x = new float[inputs.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = inputs.get(i);
        }
        return x;
    }

    private static void around(List<Float> inputs, float threshold) {
        inputs.add(threshold);
        inputs.add(Math.nextDown(threshold));
        inputs.add(Math.nextUp(threshold));
    }
}
