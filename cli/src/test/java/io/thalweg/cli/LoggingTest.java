package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class LoggingTest {

    @Test
    void recordIsOneLineWithTheClassThatSpeaks() {
        var record = new LogRecord(Level.WARNING, "disk {0} is full");
        record.setParameters(new Object[] {"sda"});
        record.setLoggerName("io.thalweg.storage.file.FileLog");
        record.setThrown(new IllegalStateException("no space"));

        var line = new Logging.OneLine().format(record);

        assertThat(line)
                .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  FileLog: disk sda is full"
                        + " \\(java.lang.IllegalStateException: no space\\)\n");
    }
}
