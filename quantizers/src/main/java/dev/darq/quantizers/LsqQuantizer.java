package dev.darq.quantizers;

/**
 * LSQ (Esser et al. 2020): a learned step size and no offset. Weights are signed; activations are signed or unsigned as
 * calibration data decide, unsigned when none is negative. Start: {@code s = 2 mean|x| / sqrt(Qp)} (section 2.1);
 * with the codes -1 and +1, which the paper does not have, {@code mean|x|}, their least-squares scale.
 */
final class LsqQuantizer extends StepSizeQuantizer {
    private boolean signed = true;

    LsqQuantizer(Place place, QuantizerSettings settings) {
        super(place);
    }

    @Override
    boolean learnsOffset() {
        return false;
    }

    @Override
    public String variant() {
        return signed ? "signed" : "unsigned";
    }

    @Override
    void fit(int unit, float[] data, int from, int length) {
        if (!isWeights()) {
            chooseCodes(Statistics.minimum(data, from, length) < 0);
        }
        double mean = Statistics.meanMagnitude(data, from, length);
        setScale(unit, isSign() ? mean : 2 * mean / Math.sqrt(highest()));
    }

    private void chooseCodes(boolean negative) {
        signed = negative;
        if (signed) {
            signedCodes();
        } else {
            unsignedCodes();
        }
    }

    @Override
    public float[] statistics() {
        return new float[] {signed ? 1 : 0};
    }

    @Override
    public void save(State state) {
        super.save(state);
        state.put("signed", signed);
    }

    @Override
    public void restore(State state) {
        super.restore(state);
        chooseCodes(state.flag("signed"));
    }
}
