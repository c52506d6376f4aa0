package dev.darq.quantizers;

/** {@link PaperFormula} of the schemes of one and of 1.58 bits. */
final class SignFormulas {
    private SignFormulas() {}

    /** The sign times a scale; the gradient passes where {@code |x| <= 1}. */
    record Sign(double scale) implements PaperFormula {
        @Override
        public double surrogate(double[] point, double[] frozen) {
            return PaperFormula.clip(point[0], -1, 1) + (frozen[0] >= 0 ? scale : -scale)
                    - PaperFormula.clip(frozen[0], -1, 1);
        }

        @Override
        public double[] gradients(double[] point) {
            return new double[] {Math.abs(point[0]) <= 1 ? 1 : 0};
        }

        @Override
        public double distanceToJump(double[] point) {
            return Math.min(Math.abs(point[0]), Math.abs(Math.abs(point[0]) - 1));
        }

        @Override
        public double reach(double[] point) {
            return scale;
        }
    }

    /** XNOR-Net: the sign times a scale that is the mean of {@code count} magnitudes. */
    record Xnor(double scale, int count) implements PaperFormula {
        private double differentiable(double x) {
            return x / count + scale * PaperFormula.clip(x, -1, 1);
        }

        @Override
        public double surrogate(double[] point, double[] frozen) {
            return differentiable(point[0]) + (frozen[0] >= 0 ? scale : -scale) - differentiable(frozen[0]);
        }

        @Override
        public double[] gradients(double[] point) {
            return new double[] {1.0 / count + (Math.abs(point[0]) <= 1 ? scale : 0)};
        }

        @Override
        public double distanceToJump(double[] point) {
            return Math.min(Math.abs(point[0]), Math.abs(Math.abs(point[0]) - 1));
        }

        @Override
        public double reach(double[] point) {
            return scale;
        }
    }

    /** BitNet b1.58: -1, 0, +1 times a scale. */
    record Ternary(double scale) implements PaperFormula {
        @Override
        public double surrogate(double[] point, double[] frozen) {
            return point[0] + PaperFormula.clip(Math.rint(frozen[0] / scale), -1, 1) * scale - frozen[0];
        }

        @Override
        public double[] gradients(double[] point) {
            return new double[] {1};
        }

        @Override
        public double distanceToJump(double[] point) {
            return scale * Math.abs(Math.abs(point[0] / scale) - 0.5);
        }

        @Override
        public double reach(double[] point) {
            return scale;
        }
    }
}
