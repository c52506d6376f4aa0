package dev.darq.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class TableTest {
    private static Table table() {
        return new Table().text("layer").number("bit operations").number("accuracy")
                .row(Cell.of("hidden | 1"), Cell.count(1_234_567), Cell.percent(0.97714, 2))
                .row(Cell.of("out, \"last\""), Cell.NONE, Cell.percent(Double.NaN, 2));
    }

    @Test
    void markdownIsAlignedForATerminal() {
        assertEquals("""
                | layer       | bit operations | accuracy |
                | ----------- | -------------: | -------: |
                | hidden \\| 1 |      1,234,567 |  97.71 % |
                | out, "last" |              - |    NaN % |
                """, table().toMarkdown());
    }

    @Test
    void csvHoldsValuesAndQuotesWhatNeedsIt() {
        assertEquals("layer,bit operations,accuracy\r\nhidden | 1,1234567,0.97714\r\n\"out, \"\"last\"\"\",,\r\n",
                table().toCsv());
    }

    @Test
    void jsonIsOneObjectARow() {
        assertEquals("""
                [
                  {
                    "layer": "hidden | 1",
                    "bit operations": 1234567,
                    "accuracy": 0.97714
                  },
                  {
                    "layer": "out, \\"last\\"",
                    "bit operations": null,
                    "accuracy": null
                  }
                ]
                """, table().toJson());
    }

    @Test
    void aTableWithoutRowsIsStillATable() {
        Table table = new Table().text("a").text("b");
        assertEquals("| a   | b   |\n| --- | --- |\n", table.toMarkdown());
        assertEquals("a,b\r\n", table.toCsv());
        assertEquals("[ ]\n", table.toJson());
    }

    @Test
    void aRowOfTheWrongLengthIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> table().row("one"));
        assertThrows(IllegalStateException.class, () -> table().text("late"));
    }

    @Test
    void numbersAreTheSameInEveryCountry() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals("1,234,567", Numbers.thousands(1_234_567));
            assertEquals("1.20 %", Numbers.percent(0.012, 2));
            assertEquals("1,234.5", Numbers.fixed(1234.5, 1));
            assertEquals("3.5x", Cell.times(3.5, 1).text());
            assertEquals("999 B", Numbers.bytes(999));
            assertEquals("1.5 KiB", Numbers.bytes(1536));
            assertEquals("432.0 MiB", Numbers.bytes(432L << 20));
            assertEquals("2,048.0 GiB", Numbers.bytes(2L << 40));
        } finally {
            Locale.setDefault(before);
        }
    }
}
