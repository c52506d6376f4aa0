package dev.darq.quantizers;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * The schemes once more, in double precision and from the papers: what the quantizers are held to. A point is
 * {@code {x, parameters...}}, with the parameters in the order of {@link Quantizer#parameters()}.
 */
interface PaperFormula {
    /**
     * The straight-through surrogate: what rounding (and everything else that is detached) added at {@code frozen} is a
     * constant, the rest is differentiable. At {@code point == frozen} it is the forward value.
     */
    double surrogate(double[] point, double[] frozen);

    /** The closed forms that the papers give: {@code {dQ/dx, dQ/dparameter...}}. */
    double[] gradients(double[] point);

    /** Where value or gradient jump: ties between levels and ends of the clip range, as distance from {@code x}. */
    double distanceToJump(double[] point);

    /** The largest magnitude of a level or an offset; float32 resolves this with a relative error of 6e-8. */
    double reach(double[] point);

    default double quantize(double[] point) {
        return surrogate(point, point);
    }

    /** LSQ: {@code 1/sqrt(N Qp)} for the gradients of scale and offset; other schemes do not scale. */
    default double gradientScale(double count) {
        return 1;
    }

    static double clip(double value, double lowest, double highest) {
        return Math.min(Math.max(value, lowest), highest);
    }

    /** Distance of {@code v} from half-integers and from both ends. */
    private static double distanceOnGrid(double v, double lowest, double highest) {
        double toTie = Math.abs(v - Math.floor(v) - 0.5);
        double toEnd = Math.min(Math.abs(v - lowest), Math.abs(v - highest));
        return v < lowest || v > highest ? toEnd : Math.min(toTie, toEnd);
    }

    /** LSQ and LSQ+ with integer codes {@code lowest..highest}; one bit is the sign. Parameters: s, and maybe beta. */
    record Lsq(int bits, int lowest, int highest) implements PaperFormula {
        static Lsq of(int bits, boolean signed) {
            if (!signed) {
                return new Lsq(bits, 0, (1 << bits) - 1);
            }
            return bits == 1 ? new Lsq(1, -1, 1) : new Lsq(bits, -(1 << (bits - 1)), (1 << (bits - 1)) - 1);
        }

        private static double beta(double[] point) {
            return point.length > 2 ? point[2] : 0;
        }

        private static double position(double[] point) {
            return (point[0] - beta(point)) / point[1];
        }

        private double code(double v) {
            return lowest < 0 && bits == 1 ? (v >= 0 ? 1 : -1) : Math.rint(clip(v, lowest, highest));
        }

        @Override
        public double surrogate(double[] point, double[] frozen) {
            double v = position(frozen);
            double residue = code(v) - clip(v, lowest, highest);
            return (clip(position(point), lowest, highest) + residue) * point[1] + beta(point);
        }

        @Override
        public double[] gradients(double[] point) {
            double v = position(point);
            double[] all = v < lowest
                    ? new double[] {0, lowest, 1}
                    : v > highest ? new double[] {0, highest, 1} : new double[] {1, code(v) - v, 0};
            return Arrays.copyOf(all, point.length);
        }

        @Override
        public double distanceToJump(double[] point) {
            double v = position(point);
            double distance = lowest < 0 && bits == 1
                    ? Math.min(Math.abs(v), Math.abs(Math.abs(v) - 1))
                    : distanceOnGrid(v, lowest, highest);
            return distance * point[1];
        }

        @Override
        public double reach(double[] point) {
            return Math.max(-lowest, highest) * point[1] + Math.abs(beta(point));
        }

        @Override
        public double gradientScale(double count) {
            return 1 / Math.sqrt(count * highest);
        }
    }

    /** PACT; signed at one bit is the sign. Parameter: alpha. */
    record Pact(int bits, boolean signed) implements PaperFormula {
        private double lowest(double alpha) {
            return signed ? -alpha : 0;
        }

        private int steps() {
            return signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
        }

        private double forward(double x, double alpha) {
            if (signed && bits == 1) {
                return x >= 0 ? alpha : -alpha;
            }
            return Math.rint(clip(x, lowest(alpha), alpha) * steps() / alpha) * alpha / steps();
        }

        @Override
        public double surrogate(double[] point, double[] frozen) {
            double detached = forward(frozen[0], frozen[1]) - clip(frozen[0], lowest(frozen[1]), frozen[1]);
            return clip(point[0], lowest(point[1]), point[1]) + detached;
        }

        @Override
        public double[] gradients(double[] point) {
            double x = point[0];
            double alpha = point[1];
            if (x >= alpha) {
                return new double[] {0, 1};
            }
            return x <= lowest(alpha) ? new double[] {0, signed ? -1 : 0} : new double[] {1, 0};
        }

        @Override
        public double distanceToJump(double[] point) {
            double alpha = point[1];
            if (signed && bits == 1) {
                return Math.min(Math.abs(point[0]), Math.abs(Math.abs(point[0]) - alpha));
            }
            double step = alpha / steps();
            return step * distanceOnGrid(point[0] / step, signed ? -steps() : 0, steps());
        }

        @Override
        public double reach(double[] point) {
            return point[1];
        }
    }

    /** Uniform symmetric around zero; {@code magnitude} is the maximum, or at one bit the mean, of the magnitudes. */
    record Uniform(int bits, double magnitude) implements PaperFormula {
        private double step() {
            return magnitude / ((1 << (bits - 1)) - 1);
        }

        private double differentiable(double x) {
            return bits == 1 ? x : clip(x, -magnitude, magnitude);
        }

        private double forward(double x) {
            return bits == 1 ? (x >= 0 ? magnitude : -magnitude) : Math.rint(differentiable(x) / step()) * step();
        }

        @Override
        public double surrogate(double[] point, double[] frozen) {
            return differentiable(point[0]) + forward(frozen[0]) - differentiable(frozen[0]);
        }

        @Override
        public double[] gradients(double[] point) {
            return new double[] {bits == 1 || Math.abs(point[0]) <= magnitude ? 1 : 0};
        }

        @Override
        public double distanceToJump(double[] point) {
            int highest = (1 << (bits - 1)) - 1;
            return bits == 1 ? Math.abs(point[0]) : step() * distanceOnGrid(point[0] / step(), -highest, highest);
        }

        @Override
        public double reach(double[] point) {
            return magnitude;
        }
    }

    /** Uniform asymmetric: codes {@code 0 .. 2^b - 1} with the zero code z; one bit is two levels around the middle. */
    record Affine(int bits, double scale, int zero, double middle) implements PaperFormula {
        static Affine of(int bits, double low, double high) {
            if (bits == 1) {
                return new Affine(bits, (high - low) / 2, 0, (high + low) / 2);
            }
            int highest = (1 << bits) - 1;
            double exact = Math.max((high - low) / highest, Float.MIN_NORMAL * 1e6);
            double unit = Math.scalb(1.0, Math.getExponent(exact) - 13);
            double scale = Math.rint(exact / unit) * unit;
            return new Affine(bits, scale, (int) Math.min(Math.rint(-low / scale), highest), 0);
        }

        private int highest() {
            return (1 << bits) - 1 - zero;
        }

        private double differentiable(double x) {
            return bits == 1 ? x : clip(x, -zero * scale, highest() * scale);
        }

        private double forward(double x) {
            return bits == 1
                    ? middle + (x >= middle ? scale : -scale)
                    : (clip(Math.rint(x / scale) + zero, 0, (1 << bits) - 1) - zero) * scale;
        }

        @Override
        public double surrogate(double[] point, double[] frozen) {
            return differentiable(point[0]) + forward(frozen[0]) - differentiable(frozen[0]);
        }

        @Override
        public double[] gradients(double[] point) {
            return new double[] {differentiable(point[0]) == point[0] ? 1 : 0};
        }

        @Override
        public double distanceToJump(double[] point) {
            return bits == 1
                    ? Math.abs(point[0] - middle)
                    : scale * distanceOnGrid(point[0] / scale, -zero, highest());
        }

        @Override
        public double reach(double[] point) {
            return bits == 1 ? Math.abs(middle) + scale : Math.max(zero, highest()) * scale;
        }
    }

    /** LQ: the nearest of all sums of the basis with signs; bounded for activations. */
    record Lq(double[] levels, boolean bounded) implements PaperFormula {
        static Lq of(float[] basis, double offset, boolean bounded) {
            double[] levels = new double[1 << basis.length];
            for (int code = 0; code < levels.length; code++) {
                levels[code] = offset;
                for (int i = 0; i < basis.length; i++) {
                    levels[code] += (code >> i & 1) != 0 ? basis[i] : -basis[i];
                }
            }
            Arrays.sort(levels);
            return new Lq(levels, bounded);
        }

        private double differentiable(double x) {
            return bounded ? clip(x, levels[0], levels[levels.length - 1]) : x;
        }

        double nearest(double x) {
            double best = levels[0];
            for (double level : levels) {
                // A tie goes to the upper level: encode counts the thresholds that x reaches.
                best = Math.abs(x - level) <= Math.abs(x - best) ? level : best;
            }
            return best;
        }

        @Override
        public double surrogate(double[] point, double[] frozen) {
            return differentiable(point[0]) + nearest(frozen[0]) - differentiable(frozen[0]);
        }

        @Override
        public double[] gradients(double[] point) {
            return new double[] {differentiable(point[0]) == point[0] ? 1 : 0};
        }

        @Override
        public double distanceToJump(double[] point) {
            double distance = bounded
                    ? Math.min(Math.abs(point[0] - levels[0]), Math.abs(point[0] - levels[levels.length - 1]))
                    : Double.POSITIVE_INFINITY;
            for (int k = 1; k < levels.length; k++) {
                distance = Math.min(distance, Math.abs(point[0] - (levels[k - 1] + levels[k]) / 2));
            }
            return distance;
        }

        @Override
        public double reach(double[] point) {
            return DoubleStream.of(levels).map(Math::abs).max().orElseThrow();
        }
    }
}
