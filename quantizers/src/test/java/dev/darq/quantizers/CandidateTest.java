package dev.darq.quantizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateTest {
    @ParameterizedTest
    @MethodSource("dev.darq.quantizers.Candidate#all")
    void aNameReadsBackAsItsCandidate(Candidate candidate) {
        assertEquals(candidate, Candidate.parse(candidate.toString()));
    }

    @Test
    void namesAreThoseOfTheConfigurations() {
        assertEquals(new Candidate(Scheme.LSQ_PLUS, 4), Candidate.parse("lsq+4"));
        assertEquals(new Candidate(Scheme.PACT, 8), Candidate.parse("pact8"));
        assertEquals(new Candidate(Scheme.UNIFORM, 2), Candidate.parse("uniform2"));
        assertEquals(new Candidate(Scheme.LQ, 1), Candidate.parse("lq1"));
        assertEquals(new Candidate(Scheme.LSQ, 4), Candidate.parse("lsq4"));
        assertEquals(new Candidate(Scheme.AFFINE, 8), Candidate.parse("affine8"));
        assertEquals(new Candidate(Scheme.LQ_GRADIENT, 2), Candidate.parse("lqg2"));
        assertEquals(new Candidate(Scheme.SIGN, 1), Candidate.parse("sign1"));
        assertEquals(new Candidate(Scheme.XNOR, 1), Candidate.parse("xnor1"));
        assertEquals(new Candidate(Scheme.TERNARY, 2), Candidate.parse("ternary2"));
        assertEquals(new Candidate(Scheme.TOKEN, 8), Candidate.parse("token8"));
        assertEquals(Candidate.FLOAT32, Candidate.parse("float32"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lsq5", "LSQ+4", "lsq+5", "lq16", "float8", " lq1", "lq1 ", "lq01", "lq"})
    void anUnknownNameIsRefusedWithTheNamesThatExist(String name) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Candidate.parse(name));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("'" + name + "'"), message);
        for (Candidate candidate : Candidate.all()) {
            assertTrue(message.contains(candidate.toString()), message);
        }
    }

    @Test
    void bitsThatASchemeLacksAreRefusedWithThoseItHas() {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class,
                () -> new Candidate(Scheme.LQ, 16));
        assertEquals("scheme 'lq' has no 16-bit form; it has [1, 2, 3, 4, 8]", refusal.getMessage());
    }

    @Test
    void allCandidatesAreDistinctAndInOrder() {
        List<Candidate> all = Candidate.all();
        assertEquals(45, all.size());
        assertEquals(all.size(), new HashSet<>(all).size());
        assertEquals(all, all.reversed().stream().sorted().toList());
    }

    @Test
    void codesOfAtMostEightBitsAreForTheBitwiseKernel() {
        assertTrue(Candidate.parse("lsq+8").isCoded());
        assertTrue(Candidate.parse("lq1").isCoded());
        assertFalse(Candidate.parse("token8").isCoded());
        assertFalse(Candidate.parse("lsq+16").isCoded());
        assertFalse(Candidate.parse("float16").isCoded());
        assertFalse(Candidate.FLOAT32.isCoded());
    }
}
