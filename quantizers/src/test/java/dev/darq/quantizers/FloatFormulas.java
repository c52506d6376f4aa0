package dev.darq.quantizers;

/** {@link PaperFormula} of the schemes whose step goes by the value itself. */
final class FloatFormulas {
    private FloatFormulas() {}

    /** BitNet's activations, for a vector of one value: that value is its own maximum. */
    record Token(int bits) implements PaperFormula {
        private double scale(double x) {
            double exact = Math.max(Math.abs(x), 1e-5f) / ((1 << (bits - 1)) - 1);
            double unit = Math.scalb(1.0, Math.getExponent(exact) - 16);
            return Math.rint(exact / unit) * unit;
        }

        @Override
        public double surrogate(double[] point, double[] frozen) {
            double scale = scale(frozen[0]);
            return point[0] + Math.rint(frozen[0] / scale) * scale - frozen[0];
        }

        @Override
        public double[] gradients(double[] point) {
            return new double[] {1};
        }

        @Override
        public double distanceToJump(double[] point) {
            double code = Math.abs(point[0]) / scale(point[0]);
            return Math.abs(code - Math.floor(code) - 0.5) * scale(point[0]);
        }

        @Override
        public double reach(double[] point) {
            // The scale is rounded to 17 bits, and twice: first to float32.
            return 16 * Math.abs(point[0]) + 1e-5;
        }
    }

    /** IEEE 754: 10 stored significand bits and exponents from -14 at 16 bits; nothing at 32. */
    record Ieee(int bits) implements PaperFormula {
        private double forward(double x) {
            if (bits == 32 || x == 0) {
                return x;
            }
            double unit = Math.scalb(1.0, Math.max(Math.getExponent(x), -14) - 10);
            double rounded = Math.rint(x / unit) * unit;
            return Math.abs(rounded) > 65504 ? Math.copySign(Double.POSITIVE_INFINITY, x) : rounded;
        }

        @Override
        public double surrogate(double[] point, double[] frozen) {
            return point[0] + (forward(frozen[0]) - frozen[0]);
        }

        @Override
        public double[] gradients(double[] point) {
            return new double[] {1};
        }

        @Override
        public double distanceToJump(double[] point) {
            return Double.POSITIVE_INFINITY;
        }

        @Override
        public double reach(double[] point) {
            return 0;
        }
    }
}
