package io.thalweg.bench;

import java.util.Random;

/** A thousand fixed random values: fresh ones for each record would cost the client more than sending them. */
final class Payloads {

    private static final int COUNT = 1000;

    private final byte[][] values = new byte[COUNT][];

    Payloads(int sizeInBytes) {
        var random = new Random(sizeInBytes);
        for (var i = 0; i < COUNT; i++) {
            values[i] = random.ints(sizeInBytes, 'A', 'Z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString()
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    byte[] value(long number) {
        return values[(int) (number % COUNT)];
    }
}
