package io.thalweg.broker.cleaner;

/** Is told what the cleaner does. Any thread. */
public interface CleanerListener {

    /** Listens to nothing. */
    CleanerListener NONE = (bytesBefore, bytesAfter) -> {};

    /** A log was cleaned: so many bytes it went over, so many are left of them. */
    void cleaned(long bytesBefore, long bytesAfter);
}
