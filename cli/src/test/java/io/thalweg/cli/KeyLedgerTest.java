package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class KeyLedgerTest {

    private static KeyLedger ledger(String... keyedValues) {
        var ledger = new KeyLedger();
        for (var each : keyedValues) {
            var value = each.substring(1).getBytes(StandardCharsets.UTF_8);
            ledger.add(each.substring(0, 1), ByteBuffer.wrap(value));
        }
        return ledger;
    }

    @Test
    void orderAcrossKeysDoesNotMatter() {
        assertThat(ledger("a1", "b1", "a2").differences(ledger("b1", "a1", "a2")))
                .isEmpty();
    }

    @Test
    void orderWithinAKeyMatters() {
        assertThat(ledger("a1", "a2", "b1").differences(ledger("a2", "a1", "b1")))
                .containsOnlyKeys("a");
    }

    @Test
    void missingExtraAndChangedRecordsAreTold() {
        assertThat(ledger("a1", "a2", "b1", "c1").differences(ledger("a1", "b2", "c1", "d1")))
                .containsEntry("a", "2 written, 1 read")
                .containsEntry("b", "1 written and read, but with other contents or in another order")
                .containsEntry("d", "0 written, 1 read")
                .hasSize(3);
    }

    @Test
    void whereOneValueEndsMatters() {
        assertThat(ledger("a12", "a3").differences(ledger("a1", "a23"))).containsOnlyKeys("a");
    }
}
