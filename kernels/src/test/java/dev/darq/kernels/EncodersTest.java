package dev.darq.kernels;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void codesAtTiesInfinitiesAndNaNAreThoseOfTheReference(int bits) {
        for (KernelProvider provider : Providers.all()) {
            EncoderCases.check(provider, bits);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void atEverySizeCodesAreThoseOfTheReferenceAndPaddingIsZero(int bits) {
        for (KernelProvider provider : Providers.all()) {
            EncoderCases.checkSizes(provider, bits);
        }
    }
}
