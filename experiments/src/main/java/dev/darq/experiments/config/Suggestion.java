package dev.darq.experiments.config;

import java.util.Collection;
import java.util.Comparator;

/** What a misspelt word may have meant. */
final class Suggestion {
    private Suggestion() {}

    /** {@code , did you mean 'epochs'? Known: [...]}, without the question when nothing known comes near. */
    static String among(String word, Collection<String> known) {
        String nearest = known.stream().min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .filter(candidate -> distance(word, candidate) <= Math.max(2, candidate.length() / 3)).orElse("");
        return (nearest.isEmpty() ? ", expected" : ", did you mean '" + nearest + "'? Expected") + " one of " + known;
    }

    /** Edits (insert, delete, replace) from one word to the other (Levenshtein 1966). */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
